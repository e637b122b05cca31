/** At most `max` characters, the last of them an ellipsis where something is left out; never half a character. */
export const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
