/** Whether suites wait for the clock of a database. While mistakes are planted they make its time pass instead. */
export const waitsForDatabase = process.env.MUTANTS === undefined
