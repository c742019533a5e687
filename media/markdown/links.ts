/** A web address, or a path in the workspace with an optional `:line` or `#L12` behind it. */
const WEB = /^https?:\/\/[^\s]/i;
const WORKSPACE = /^[^:]+$|^[^:]*[./][^:]*(:\d+){1,2}$/;

/** What may be asked of the host for a link's address, or null: such a link stays inert text. */
export function linkTarget(href: string): string | null {
  if (WEB.test(href)) return href;
  if (href.startsWith('#') || /^[\\/]{2}/.test(href) || !WORKSPACE.test(href)) return null;
  return decoded(href);
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
