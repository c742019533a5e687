import { visible } from './names.ts';

/**
 * Characters that a reader does not see or that turn the direction of text around: zero-width,
 * bidirectional controls (CVE-2021-42574, "Trojan Source"), tags, variation selectors other than the
 * one an emoji has, control characters, and ends of a line that a line shows as nothing.
 */
export const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e01ef}]|(?<=[\ufe00-\ufe0f])[\ufe0e\ufe0f]|\r(?!$)/gu;

/** Writes each hidden character as `<U+202E>`. */
export function showHidden(text: string): string {
  return text.replace(HIDDEN, visible);
}
