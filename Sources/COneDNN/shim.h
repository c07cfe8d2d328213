#include <oneapi/dnnl/dnnl.h>
// The one call of the OpenMP run-time that is needed: oneDNN's own team of
// threads has to stay out of the way of ours.
void omp_set_num_threads(int);

// Products of bf16 matrices with sums in single precision. Descriptions of memory are structs in version 2 of oneDNN and
// handles from version 3 on: they are made and used up in here, and all that Swift sees is the same in both.

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t lla_layout;
typedef const_dnnl_memory_desc_t lla_const_layout;
#else
typedef dnnl_memory_desc_t lla_layout[1];
typedef const dnnl_memory_desc_t *lla_const_layout;
#endif

// A (rows, columns) matrix with so many elements from one row, and one column, to the next.
static inline dnnl_status_t lla_layout_strided(lla_layout *layout, dnnl_data_type_t type, dnnl_dim_t rows, dnnl_dim_t columns,
                                               dnnl_dim_t row_stride, dnnl_dim_t column_stride) {
    dnnl_dims_t dims = {rows, columns}, strides = {row_stride, column_stride};
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_strides(layout, 2, dims, type, strides);
#else
    return dnnl_memory_desc_init_by_strides(*layout, 2, dims, type, strides);
#endif
}

// A (rows, columns) matrix in whatever order multiplies fastest.
static inline dnnl_status_t lla_layout_any(lla_layout *layout, dnnl_data_type_t type, dnnl_dim_t rows, dnnl_dim_t columns) {
    dnnl_dims_t dims = {rows, columns};
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_tag(layout, 2, dims, type, dnnl_format_tag_any);
#else
    return dnnl_memory_desc_init_by_tag(*layout, 2, dims, type, dnnl_format_tag_any);
#endif
}

static inline void lla_layout_done(lla_layout *layout) {
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_destroy(*layout);
#else
    (void)layout;
#endif
}

// Of a product's right matrix: row after row; in oneDNN's own order; in the order that another product has it in.
typedef enum { lla_right_rows, lla_right_own, lla_right_shared } lla_right;

// C (m, n) <- A (m, k) B (k, n), or C + A B where it adds. A stands row after row, or, transposed, column after column, with
// `a_stride` elements from one to the next; C row after row. Working memory is given at each execution.
//
// - shared: a product whose right matrix this one reads; for lla_right_shared alone.
static inline dnnl_status_t lla_product_create(dnnl_primitive_desc_t *product, dnnl_engine_t engine, dnnl_dim_t m, dnnl_dim_t n,
                                               dnnl_dim_t k, int a_transposed, dnnl_dim_t a_stride, lla_right right,
                                               const_dnnl_primitive_desc_t shared, dnnl_dim_t b_stride, dnnl_dim_t c_stride,
                                               int adds) {
    lla_layout a, b, c;
    dnnl_status_t status = lla_layout_strided(&a, dnnl_bf16, m, k, a_transposed ? 1 : a_stride, a_transposed ? a_stride : 1);
    if (status != dnnl_success) return status;
    status = right == lla_right_rows ? lla_layout_strided(&b, dnnl_bf16, k, n, b_stride, 1) : lla_layout_any(&b, dnnl_bf16, k, n);
    if (status == dnnl_success) {
        status = lla_layout_strided(&c, dnnl_f32, m, n, c_stride, 1);
        dnnl_primitive_attr_t attributes = NULL;
        dnnl_post_ops_t after = NULL;
        if (status == dnnl_success) status = dnnl_primitive_attr_create(&attributes);
        if (status == dnnl_success) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
        if (status == dnnl_success && adds) {
            status = dnnl_post_ops_create(&after);
#if DNNL_VERSION_MAJOR >= 3
            if (status == dnnl_success) status = dnnl_post_ops_append_sum(after, 1, 0, dnnl_data_type_undef);
#else
            if (status == dnnl_success) status = dnnl_post_ops_append_sum(after, 1);
#endif
            if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, after);
        }
        if (status == dnnl_success) {
            lla_const_layout given = right == lla_right_shared ? dnnl_primitive_desc_query_md(shared, dnnl_query_weights_md, 0) : b;
#if DNNL_VERSION_MAJOR >= 3
            status = dnnl_matmul_primitive_desc_create(product, engine, a, given, NULL, c, attributes);
#else
            dnnl_matmul_desc_t description;
            status = dnnl_matmul_desc_init(&description, a, given, NULL, c);
            if (status == dnnl_success) status = dnnl_primitive_desc_create(product, &description, attributes, engine, NULL);
#endif
        }
        if (after) dnnl_post_ops_destroy(after);
        if (attributes) dnnl_primitive_attr_destroy(attributes);
        lla_layout_done(&c);
        lla_layout_done(&b);
    }
    lla_layout_done(&a);
    return status;
}

// A (rows, columns) bf16 matrix with the given strides, taken to the order that a product has its right matrix in.
static inline dnnl_status_t lla_packing_create(dnnl_primitive_desc_t *packing, dnnl_engine_t engine, dnnl_dim_t rows,
                                               dnnl_dim_t columns, dnnl_dim_t row_stride, dnnl_dim_t column_stride,
                                               const_dnnl_primitive_desc_t product) {
    lla_layout from;
    dnnl_status_t status = lla_layout_strided(&from, dnnl_bf16, rows, columns, row_stride, column_stride);
    if (status != dnnl_success) return status;
    lla_const_layout to = dnnl_primitive_desc_query_md(product, dnnl_query_weights_md, 0);
    status = dnnl_reorder_primitive_desc_create(packing, from, engine, to, engine, NULL);
    lla_layout_done(&from);
    return status;
}

// Bytes of one of the matrices that a primitive works on, and memory of that layout over bytes that somebody else owns.
static inline size_t lla_bytes(const_dnnl_primitive_desc_t primitive, dnnl_query_t which) {
    return dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(primitive, which, 0));
}

static inline dnnl_status_t lla_memory_create(dnnl_memory_t *memory, const_dnnl_primitive_desc_t primitive, dnnl_query_t which,
                                              dnnl_engine_t engine, void *bytes) {
    return dnnl_memory_create(memory, dnnl_primitive_desc_query_md(primitive, which, 0), engine, bytes);
}

// Whether the processor multiplies bf16, as far as oneDNN may use it.
static inline int lla_has_bf16(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}
