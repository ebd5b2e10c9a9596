/** Where an application of the matrix listens. */
export const PORT = Number(process.env.PORT)

/** Says that it does. */
export const announce = () => console.log('Listening')
