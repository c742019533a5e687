let wanted: { readonly element: HTMLElement; readonly options?: FocusOptions } | null = null;

/**
 * Gives an element the focus or, while the user is elsewhere in the editor, has it ready for when
 * they come: a script in a frame that asks for the focus takes it from the page around the frame.
 */
export function giveFocus(element: HTMLElement | null, options?: FocusOptions): void {
  if (element === null) return;
  if (wanted === null) window.addEventListener('focus', enter, { once: true });
  wanted = { element, ...(options && { options }) };
  if (document.hasFocus()) enter();
}

function enter(): void {
  window.removeEventListener('focus', enter);
  if (wanted?.element.isConnected === true) wanted.element.focus(wanted.options);
  wanted = null;
}
