// The same guest as Exits.java's, in the loop that KVM's documentation has in mind: as fast as an exit can be served.
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

enum { RAM = 0x10000, CODE = 0x1000, COUNTED_PORT = 0x80 };

static void check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(69);
  }
}

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 200000;
  int kvm = open("/dev/kvm", O_RDWR);
  check(kvm, "/dev/kvm");
  int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  check(vm, "KVM_CREATE_VM");
  unsigned char *ram = mmap(NULL, RAM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  static const unsigned char code[] = {0xe6, COUNTED_PORT, 0xeb, 0xfc}; // out 0x80, al; jmp to it
  memcpy(ram + CODE, code, sizeof code);
  struct kvm_userspace_memory_region region = {.memory_size = RAM, .userspace_addr = (unsigned long) ram};
  check(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
  int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  check(vcpu, "KVM_CREATE_VCPU");
  struct kvm_run *run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  struct kvm_sregs sregs;
  check(ioctl(vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
  sregs.cs.base = 0;
  sregs.cs.selector = 0;
  check(ioctl(vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
  struct kvm_regs regs = {.rip = CODE, .rflags = 2};
  check(ioctl(vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");

  struct timespec begin, end;
  for (long i = -count / 10; i < count; i++) {
    if (i == 0) {
      clock_gettime(CLOCK_MONOTONIC, &begin);
    }
    check(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
    if (run->exit_reason != KVM_EXIT_IO || run->io.port != COUNTED_PORT) {
      fprintf(stderr, "another exit: %u\n", run->exit_reason);
      return 1;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%.0f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / count);
}
