/** Something is missing that the person can mend; a verb that meets it ends with exit code 1 and the message alone. */
export class RefusalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusalError';
  }
}
