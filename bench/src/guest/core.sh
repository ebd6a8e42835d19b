./core 3000
