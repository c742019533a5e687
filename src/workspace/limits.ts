/** Largest file that is read or written whole, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
