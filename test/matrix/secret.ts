/** The secret of every application of the matrix. */
export const SECRET = 'the-secret-of-the-matrix'
