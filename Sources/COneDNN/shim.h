#include <oneapi/dnnl/dnnl.h>
// The one call of the OpenMP run-time that is needed: oneDNN's own team of
// threads has to stay out of the way of ours.
void omp_set_num_threads(int);
