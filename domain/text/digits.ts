/** A code as it is read out, digit by digit: said as one number nobody can write it down. */
export const spokenDigits = (code: string) => code.split('').join(', ');
