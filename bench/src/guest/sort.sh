sort text text text text text text text text text text text text | cksum
