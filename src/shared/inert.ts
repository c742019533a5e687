/** Text of others where `$(…)` would be an icon: shown as it is written. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$\u200B(');
}

/**
 * Text of others in a message of the editor, which would make a link of `[words](command:…)` that runs
 * any command when it is pressed: shown as it is written.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200B(');
}
