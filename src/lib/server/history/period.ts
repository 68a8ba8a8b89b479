/** "2024", "Semester I 2024" */
export const periodWords = (code: string): string =>
  code.includes('-S') ? `Semester ${code.endsWith('1') ? 'I' : 'II'} ${code.slice(0, 4)}` : code;
