package org.lodgevm.vm.boot;

/** A module's place in guest memory. */
record LoadedModule(long gpa, long size) {
    /** Loads a module page-aligned, below 4 GiB, in the lowest place above the kernel. */
    static LoadedModule load(LoadContext context, BootModule module, long above) {
        BootFile file = module.file();
        long size = file.size();
        if (size == 0) {
            throw new BootException("the module %s is empty; give another or leave it out".formatted(file.name()));
        }
        long gpa = context.placement().lowest(size, Placement.PAGE, above, LoadContext.FOUR_GIB, "the module " + file.name());
        context.memory().change(gpa, size, place -> file.copyTo(0, place));
        return new LoadedModule(gpa, size);
    }

    long end() {
        return gpa + size;
    }
}
