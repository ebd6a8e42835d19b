sort text text text text text text text text | md5sum
