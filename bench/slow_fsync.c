/* A disk that takes longer to say "written": preloaded, it adds FSYNC_DELAY_US microseconds to fsync and fdatasync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_a_little(void)
{
    const char *said = getenv("FSYNC_DELAY_US");
    long microseconds = said ? atol(said) : 0;
    struct timespec delay = {microseconds / 1000000, (microseconds % 1000000) * 1000};
    nanosleep(&delay, NULL);
}

static int slowly(const char *name, int file)
{
    int (*sync_it)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    wait_a_little();
    return sync_it(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
