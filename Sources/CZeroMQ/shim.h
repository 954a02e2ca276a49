#include <zmq.h>
// What the wire thread waits for beside sockets; Swift's Glibc module leaves it out.
#include <sys/eventfd.h>
