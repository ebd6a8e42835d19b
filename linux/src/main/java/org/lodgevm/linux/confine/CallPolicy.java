package org.lodgevm.linux.confine;

import static org.lodgevm.linux.call.SystemCall.*;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.SystemCall;

/**
 * What becomes of a confined process's system calls. Those that the JVM, the C library and a machine use are let through, some of them by
 * their arguments. Those that only an intruder would make end the process. All others fail with EPERM; what is newer than this list, and
 * {@code clone3}, whose arguments a filter cannot see, with ENOSYS, upon which the C library takes older ones.
 */
final class CallPolicy {
    /** What a filter is told the calls of x86-64 are. Source: Linux's include/uapi/linux/audit.h. */
    private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;
    /** In the numbers of calls with 32-bit pointers. Source: Linux's arch/x86/include/uapi/asm/unistd.h. */
    private static final int X32_SYSCALL_BIT = 0x4000_0000;
    /** Behind the calls of Linux 6.1. */
    private static final int UNKNOWN = 451;

    private static final int CLONE_THREAD = 0x1_0000;
    private static final int SELF = 0;

    private static final Set<SystemCall> FILES = Set.of(
            READ, WRITE, OPEN, CLOSE, STAT, FSTAT, LSTAT, LSEEK, PREAD64, PWRITE64, READV, WRITEV, ACCESS, PIPE, DUP, DUP2, FCNTL,
            FLOCK, FSYNC, FDATASYNC, TRUNCATE, FTRUNCATE, GETCWD, RENAME, MKDIR, RMDIR, CREAT, LINK, UNLINK, SYMLINK, READLINK, CHMOD,
            FCHMOD, UMASK, STATFS, FSTATFS, SETXATTR, GETXATTR, LGETXATTR, FGETXATTR, LISTXATTR, LLISTXATTR, FLISTXATTR, REMOVEXATTR, GETDENTS64, FADVISE64,
            OPENAT, MKDIRAT, MKNODAT, FCHOWNAT, NEWFSTATAT, UNLINKAT, RENAMEAT, LINKAT, SYMLINKAT, READLINKAT, FCHMODAT, FACCESSAT, UTIMENSAT, FALLOCATE,
            DUP3, PIPE2, PREADV, PWRITEV, SYNCFS, RENAMEAT2, COPY_FILE_RANGE, PREADV2, PWRITEV2, STATX, FACCESSAT2, SENDFILE,
            MEMFD_CREATE);

    private static final Set<SystemCall> MEMORY = Set.of(
            MMAP, MPROTECT, MUNMAP, BRK, MREMAP, MSYNC, MINCORE, MADVISE, GET_MEMPOLICY, MEMBARRIER);

    private static final Set<SystemCall> THREADS = Set.of(
            SCHED_YIELD, GETPID, EXIT, UNAME, GETRUSAGE, SYSINFO, TIMES, GETUID, GETGID, GETEUID, GETEGID, GETPPID, GETGROUPS,
            GETPRIORITY, SCHED_GETPARAM, SCHED_GETSCHEDULER, ARCH_PRCTL, GETTID, FUTEX, SCHED_GETAFFINITY, SET_TID_ADDRESS,
            RESTART_SYSCALL, EXIT_GROUP, WAIT4, WAITID, SET_ROBUST_LIST, GETCPU, CAPGET, GETRLIMIT, RSEQ,
            RT_SIGACTION, RT_SIGPROCMASK, RT_SIGRETURN, RT_SIGPENDING, RT_SIGTIMEDWAIT, RT_SIGSUSPEND, SIGALTSTACK);

    private static final Set<SystemCall> TIME_AND_EVENTS = Set.of(
            NANOSLEEP, GETTIMEOFDAY, TIME, TIMER_CREATE, TIMER_SETTIME, TIMER_DELETE, CLOCK_GETTIME, CLOCK_GETRES, CLOCK_NANOSLEEP,
            TIMERFD_CREATE, TIMERFD_SETTIME, TIMERFD_GETTIME, GETRANDOM, POLL, SELECT, PSELECT6, PPOLL, EPOLL_CREATE, EPOLL_WAIT,
            EPOLL_CTL, EPOLL_PWAIT, EVENTFD, EVENTFD2, EPOLL_CREATE1, EPOLL_PWAIT2);

    private static final Set<SystemCall> SOCKETS = Set.of(
            CONNECT, ACCEPT, SENDTO, RECVFROM, SENDMSG, RECVMSG, SHUTDOWN, BIND, LISTEN, GETSOCKNAME, GETPEERNAME, SOCKETPAIR,
            SETSOCKOPT, GETSOCKOPT, ACCEPT4, RECVMMSG, SENDMMSG);

    /** Other programs, other processes, the kernel, and who this process is. */
    private static final Set<SystemCall> HOSTILE = Set.of(
            EXECVE, EXECVEAT, PTRACE, PROCESS_VM_READV, PROCESS_VM_WRITEV, PIDFD_GETFD, KEXEC_LOAD, KEXEC_FILE_LOAD, INIT_MODULE,
            FINIT_MODULE, DELETE_MODULE, BPF, PERF_EVENT_OPEN, ADD_KEY, REQUEST_KEY, KEYCTL, MOUNT, UMOUNT2, PIVOT_ROOT, CHROOT,
            MOVE_MOUNT, OPEN_TREE, FSOPEN, FSCONFIG, FSMOUNT, FSPICK, MOUNT_SETATTR, SETNS, UNSHARE, SETUID, SETGID, SETREUID,
            SETREGID, SETGROUPS, SETRESUID, SETRESGID, SETFSUID, SETFSGID, REBOOT, SWAPON, SWAPOFF, IOPL, IOPERM, MODIFY_LDT,
            OPEN_BY_HANDLE_AT, SETTIMEOFDAY, CLOCK_SETTIME, SETHOSTNAME, SETDOMAINNAME, ACCT, QUOTACTL, IO_URING_SETUP);

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** Options of {@code prctl}: what a thread is called, what mappings are called, and questions. */
    private static final int PR_GET_DUMPABLE = 3;

    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_GET_NO_NEW_PRIVS = 39;
    private static final int PR_SET_VMA = 0x5356_4d41;

    /** In an {@code ioctl}'s number: whose it is. */
    private static final int IOCTL_TYPE = 0xff00;

    private static final int KVMIO = 0xae00;

    private CallPolicy() {}

    /** @param process the confined one's number */
    static FilterProgram filter(int process) {
        FilterProgram filter = new FilterProgram()
                .load(FilterProgram.ARCHITECTURE).unlessEqual(AUDIT_ARCH_X86_64, Seccomp.KILL_PROCESS)
                .load(FilterProgram.NUMBER).ifAtLeast(X32_SYSCALL_BIT, Seccomp.KILL_PROCESS);
        for (Set<SystemCall> calls : List.of(MEMORY, THREADS, TIME_AND_EVENTS, FILES, SOCKETS)) {
            answer(filter, calls, Seccomp.ALLOW);
        }
        answer(filter, HOSTILE, Seccomp.KILL_PROCESS);
        when(filter, KILL, oneOf(0, Errno.EPERM, process));
        when(filter, TGKILL, oneOf(0, Errno.EPERM, process));
        when(filter, PRLIMIT64, oneOf(0, Errno.EPERM, SELF, process));
        when(filter, PRCTL, oneOf(0, Errno.EPERM, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ,
                PR_GET_NO_NEW_PRIVS, PR_SET_VMA));
        when(filter, SOCKET, oneOf(0, Errno.EAFNOSUPPORT, AF_UNIX, AF_INET, AF_INET6));
        when(filter, CLONE, new FilterProgram().loadArgument(0).and(CLONE_THREAD)
                .ifEqual(CLONE_THREAD, Seccomp.ALLOW).answer(Seccomp.refuse(Errno.EPERM)));
        when(filter, IOCTL, ioctls());
        filter.ifEqual((int) CLONE3.number(), Seccomp.refuse(Errno.ENOSYS));
        return filter.ifAtLeast(UNKNOWN, Seccomp.refuse(Errno.ENOSYS)).answer(Seccomp.refuse(Errno.EPERM));
    }

    private static FilterProgram ioctls() {
        FilterProgram block = new FilterProgram().loadArgument(1).and(IOCTL_TYPE).ifEqual(KVMIO, Seccomp.ALLOW).loadArgument(1);
        return answer(block, Errno.EPERM, Stream.of(DeviceRequest.values()).mapToInt(DeviceRequest::number).toArray());
    }

    private static void answer(FilterProgram filter, Set<SystemCall> calls, int action) {
        calls.stream().sorted().forEach(call -> filter.ifEqual((int) call.number(), action));
    }

    private static void when(FilterProgram filter, SystemCall call, FilterProgram block) {
        filter.ifEqual((int) call.number(), block);
    }

    private static FilterProgram oneOf(int argument, int otherwise, int... values) {
        return answer(new FilterProgram().loadArgument(argument), otherwise, values);
    }

    private static FilterProgram answer(FilterProgram block, int otherwise, int... values) {
        for (int value : values) {
            block.ifEqual(value, Seccomp.ALLOW);
        }
        return block.answer(Seccomp.refuse(otherwise));
    }
}
