/** Any number that a flag was given, else its text; what range it may be in is the specification's to say. */
export function numberOrText(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
