package org.lodgevm.vm.boot;

final class InitrdFormat {
    private InitrdFormat() {}

    static void check(BootFile file) {
        if (file.size() == 0) {
            throw new BootException("the initial RAM disk %s is empty; fetch or build it again".formatted(file.name()));
        }
    }
}
