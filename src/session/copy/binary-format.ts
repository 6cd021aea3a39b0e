/** COPY's binary format. PostgreSQL manual, COPY, "Binary Format". */

export const BINARY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** The signature, the flags and the length of the header's extension. */
export const BINARY_HEADER_BYTES = BINARY_SIGNATURE.length + 8;
/** The count of fields that ends the data, and the length of NULL. */
export const BINARY_NONE = -1;
