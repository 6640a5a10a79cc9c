/* Preloaded into a writer: the FAULT_AT-th call that writes to a file below FAULT_FOLDER fails with errno FAULT_ERRNO, and with FAULT_STAYS=1
   every later one, too. (The log's own fsync of new files goes round it, since .NET asks libc itself: SQLite's syncs do not.) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int is_ours(const char *path)
{
    const char *folder = getenv("FAULT_FOLDER");
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(const char *path)
{
    if (!is_ours(path))
        return 0;
    long at = atol(getenv("FAULT_AT")), call = atomic_fetch_add(&calls, 1) + 1;
    if (call != at && !(call > at && strcmp(getenv("FAULT_STAYS"), "1") == 0))
        return 0;
    errno = atoi(getenv("FAULT_ERRNO"));
    return 1;
}

static int fails_at(int fd)
{
    char link[64], path[PATH_MAX + 1];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int kept = errno;
    ssize_t length = readlink(link, path, PATH_MAX);
    errno = kept;
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(path);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t count)
{ REAL(ssize_t, "write", int, const void *, size_t); return fails_at(fd) ? -1 : real(fd, bytes, count); }

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{ REAL(ssize_t, "pwrite", int, const void *, size_t, off_t); return fails_at(fd) ? -1 : real(fd, bytes, count, at); }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{ REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t); return fails_at(fd) ? -1 : real(fd, bytes, count, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{ REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t); return fails_at(fd) ? -1 : real(fd, parts, count, at); }

int fsync(int fd)
{ REAL(int, "fsync", int); return fails_at(fd) ? -1 : real(fd); }

int fdatasync(int fd)
{ REAL(int, "fdatasync", int); return fails_at(fd) ? -1 : real(fd); }

int ftruncate(int fd, off_t length)
{ REAL(int, "ftruncate", int, off_t); return fails_at(fd) ? -1 : real(fd, length); }

int ftruncate64(int fd, off64_t length)
{ REAL(int, "ftruncate64", int, off64_t); return fails_at(fd) ? -1 : real(fd, length); }

int rename(const char *from, const char *to)
{ REAL(int, "rename", const char *, const char *); return fails(to) ? -1 : real(from, to); }
