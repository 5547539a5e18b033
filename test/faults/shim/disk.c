/*
 * Stands between a process and one folder of its disk (LD_PRELOAD). It writes down, in order, everything that happens to
 * the files there, so that what a power cut would have left can be worked out afterwards; and it can play a disk that is
 * full or broken, at the word of a control file.
 *
 * DISK_ROOT     the folder, absolute, without a slash at the end
 * DISK_LOG      where to write it down; nothing is written down without it
 * DISK_CONTROL  four 64-bit integers: bytes there may be (0: no limit), bytes there are, fail syncs (0 or 1), syncs asked for
 * DISK_IGNORE   names that begin so are somebody else's; names that end in -shm are always left out: they are made anew
 *
 * A write is written down once it is done, a sync before it is: a kill between the two leaves what a cut could leave.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, RENAME, UNLINK, MKDIR, RMDIR, UNKNOWN };
enum { MAX_FILES = 65536 };

struct record { uint32_t op, flag; uint64_t file, offset; uint32_t pathLength, dataLength; };
struct control { volatile int64_t limit, used, failSyncs, syncs; };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *ignored;
static size_t rootLength;
static int logFile = -1;
static struct control *control;
/* By descriptor: the inode, and of a folder its path. */
static uint64_t inodes[MAX_FILES];
static char *folders[MAX_FILES];
static dev_t device;

#define REAL(name) ((__typeof__(&name))real((void **)&real_##name, #name))
#define DECLARE(name) static void *real_##name
static void *real(void **slot, const char *name) {
  if (*slot == NULL) *slot = dlsym(RTLD_NEXT, name);
  return *slot;
}
DECLARE(open); DECLARE(write); DECLARE(pwrite); DECLARE(ftruncate); DECLARE(fsync); DECLARE(fdatasync);
DECLARE(rename); DECLARE(unlink); DECLARE(mkdir); DECLARE(rmdir); DECLARE(mmap); DECLARE(writev); DECLARE(unlinkat);
DECLARE(posix_fallocate); DECLARE(pwritev); DECLARE(link); DECLARE(symlink); DECLARE(openat);

__attribute__((constructor)) static void begin(void) {
  root = getenv("DISK_ROOT");
  if (root == NULL) return;
  rootLength = strlen(root);
  struct stat status;
  if (stat(root, &status) == 0) device = status.st_dev;
  ignored = getenv("DISK_IGNORE");
  const char *log = getenv("DISK_LOG");
  if (log != NULL) logFile = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *path = getenv("DISK_CONTROL");
  int file = path == NULL ? -1 : REAL(open)(path, O_RDWR | O_CLOEXEC);
  if (file >= 0) control = REAL(mmap)(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

/* The path inside the folder, "" for the folder itself; NULL for what is none of ours. */
static const char *inside(const char *path) {
  if (root == NULL || path == NULL || strncmp(path, root, rootLength) != 0) return NULL;
  if (path[rootLength] == '\0') return "";
  if (path[rootLength] != '/') return NULL;
  const char *rest = path + rootLength + 1;
  size_t length = strlen(rest);
  if (length >= 4 && strcmp(rest + length - 4, "-shm") == 0) return NULL;
  if (ignored != NULL && strncmp(rest, ignored, strlen(ignored)) == 0) return NULL;
  return rest;
}

static void note(uint32_t op, uint32_t flag, uint64_t file, uint64_t offset, const char *path, const void *data, size_t length) {
  if (logFile < 0) return;
  struct record record = { op, flag, file, offset, path == NULL ? 0 : strlen(path), length };
  struct iovec parts[3] = { { &record, sizeof record }, { (void *)path, record.pathLength }, { (void *)data, length } };
  if (REAL(writev)(logFile, parts, 3) < 0) abort();
}

/* libuv closes by a bare system call, which is not seen: a descriptor that is known may be something else by now. */
static int isOurs(int fd) {
  struct stat status;
  if (fd < 0 || fd >= MAX_FILES || inodes[fd] == 0) return 0;
  if (fstat(fd, &status) == 0 && status.st_ino == inodes[fd] && status.st_dev == device) return 1;
  inodes[fd] = 0;
  return 0;
}
static const char *folderOf(int fd) { return isOurs(fd) ? folders[fd] : NULL; }
static uint64_t inodeOf(int fd) { return isOurs(fd) && folders[fd] == NULL ? inodes[fd] : 0; }

static off_t sizeOf(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_size : 0;
}

/* Whether there is room for a file to grow to `end`; what it grows by is counted. */
static int hasRoom(int fd, off_t end) {
  if (control == NULL) return 1;
  off_t growth = end - sizeOf(fd);
  if (growth > 0 && control->limit > 0 && control->used + growth > control->limit) return 0;
  if (growth > 0) control->used += growth;
  return 1;
}

static void lock(void) { pthread_mutex_lock(&mutex); }
static void unlock(void) { int kept = errno; pthread_mutex_unlock(&mutex); errno = kept; }

static int noteOpen(const char *ours, int flags, int existed, int fd) {
  struct stat status;
  if (fd < 0 || fd >= MAX_FILES || fstat(fd, &status) != 0) return fd;
  free(folders[fd]);
  folders[fd] = S_ISDIR(status.st_mode) ? strdup(ours) : NULL;
  inodes[fd] = status.st_ino;
  if (!S_ISREG(status.st_mode)) return fd;
  note(OPEN, !existed, status.st_ino, 0, ours, NULL, 0);
  if (existed && (flags & O_TRUNC) != 0) note(TRUNCATE, 0, status.st_ino, 0, NULL, NULL, 0);
  return fd;
}

static int openOurs(const char *path, const char *ours, int flags, mode_t mode) {
  lock();
  struct stat status;
  int existed = stat(path, &status) == 0;
  if (!existed && (flags & O_CREAT) != 0 && control != NULL && control->limit > 0 && control->used >= control->limit) {
    unlock();
    errno = ENOSPC;
    return -1;
  }
  int fd = noteOpen(ours, flags, existed, REAL(open)(path, flags, mode));
  unlock();
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  const char *ours = inside(path);
  return ours == NULL ? REAL(open)(path, flags, mode) : openOurs(path, ours, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open(path, flags | O_LARGEFILE, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return inside(path) == NULL ? REAL(openat)(folder, path, flags, mode) : open(path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));
int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) __attribute__((alias("creat")));

static ssize_t refuse(int error) {
  unlock();
  errno = error;
  return -1;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  if (inodeOf(fd) == 0) return REAL(pwrite)(fd, data, length, offset);
  lock();
  if (!hasRoom(fd, offset + length)) return refuse(ENOSPC);
  ssize_t written = REAL(pwrite)(fd, data, length, offset);
  if (written > 0) note(WRITE, 0, inodeOf(fd), offset, NULL, data, written);
  unlock();
  return written;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
  if (inodeOf(fd) == 0) return REAL(write)(fd, data, length);
  lock();
  int appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
  off_t offset = appends ? sizeOf(fd) : lseek(fd, 0, SEEK_CUR);
  if (!hasRoom(fd, offset + length)) return refuse(ENOSPC);
  ssize_t written = REAL(write)(fd, data, length);
  if (written > 0) note(WRITE, 0, inodeOf(fd), offset, NULL, data, written);
  unlock();
  return written;
}

/* One part is a short write, and every caller must take those. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (inodeOf(fd) == 0 || count == 0) return REAL(writev)(fd, parts, count);
  return write(fd, parts[0].iov_base, parts[0].iov_len);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  if (inodeOf(fd) == 0 || count == 0) return REAL(pwritev)(fd, parts, count, offset);
  return pwrite64(fd, parts[0].iov_base, parts[0].iov_len, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) __attribute__((alias("pwritev")));

int ftruncate64(int fd, off64_t size) {
  if (inodeOf(fd) == 0) return REAL(ftruncate)(fd, size);
  lock();
  if (!hasRoom(fd, size)) return refuse(ENOSPC);
  off_t before = sizeOf(fd);
  int result = REAL(ftruncate)(fd, size);
  if (result == 0 && control != NULL && size < before) control->used -= before - size;
  if (result == 0) note(TRUNCATE, 0, inodeOf(fd), size, NULL, NULL, 0);
  unlock();
  return result;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int syncOurs(int fd) {
  if (control != NULL) control->syncs += 1;
  if (control != NULL && control->failSyncs != 0) return (int)refuse(EIO);
  if (folderOf(fd) != NULL) note(SYNC_FOLDER, 0, 0, 0, folderOf(fd), NULL, 0);
  else note(SYNC, 0, inodeOf(fd), 0, NULL, NULL, 0);
  unlock();
  return 0;
}
int fsync(int fd) {
  if (isOurs(fd)) {
    lock();
    if (syncOurs(fd) < 0) return -1;
  }
  return REAL(fsync)(fd);
}
int fdatasync(int fd) {
  if (isOurs(fd)) {
    lock();
    if (syncOurs(fd) < 0) return -1;
  }
  return REAL(fdatasync)(fd);
}

static int noteName(int result, uint32_t op, const char *path, const char *other) {
  if (result == 0) note(op, 0, 0, 0, path, other, other == NULL ? 0 : strlen(other));
  unlock();
  return result;
}
int rename(const char *from, const char *to) {
  if (inside(from) == NULL && inside(to) == NULL) return REAL(rename)(from, to);
  lock();
  int known = inside(from) != NULL && inside(to) != NULL;
  return noteName(REAL(rename)(from, to), known ? RENAME : UNKNOWN, known ? inside(from) : "rename", known ? inside(to) : NULL);
}
int unlink(const char *path) {
  const char *ours = inside(path);
  if (ours == NULL) return REAL(unlink)(path);
  lock();
  struct stat status;
  off_t size = stat(path, &status) == 0 ? status.st_size : 0;
  int result = REAL(unlink)(path);
  if (result == 0 && control != NULL) control->used -= size;
  return noteName(result, UNLINK, ours, NULL);
}
int unlinkat(int folder, const char *path, int flags) {
  if (inside(path) == NULL) return REAL(unlinkat)(folder, path, flags);
  return (flags & AT_REMOVEDIR) != 0 ? rmdir(path) : unlink(path);
}
int mkdir(const char *path, mode_t mode) {
  const char *ours = inside(path);
  if (ours == NULL) return REAL(mkdir)(path, mode);
  lock();
  return noteName(REAL(mkdir)(path, mode), MKDIR, ours, NULL);
}
int rmdir(const char *path) {
  const char *ours = inside(path);
  if (ours == NULL) return REAL(rmdir)(path);
  lock();
  return noteName(REAL(rmdir)(path), RMDIR, ours, NULL);
}

/* What is not played here is said, so that nothing is worked out from half of what happened. */
static void noteUnknown(const char *what) {
  lock();
  note(UNKNOWN, 0, 0, 0, what, NULL, 0);
  unlock();
}
int link(const char *from, const char *to) {
  if (inside(from) != NULL || inside(to) != NULL) noteUnknown("link");
  return REAL(link)(from, to);
}
int symlink(const char *from, const char *to) {
  if (inside(to) != NULL) noteUnknown("symlink");
  return REAL(symlink)(from, to);
}
int posix_fallocate(int fd, off_t offset, off_t length) {
  if (inodeOf(fd) != 0) noteUnknown("posix_fallocate");
  return REAL(posix_fallocate)(fd, offset, length);
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (inodeOf(fd) != 0 && (protection & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0) noteUnknown("mmap");
  return REAL(mmap)(at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) __attribute__((alias("mmap")));
