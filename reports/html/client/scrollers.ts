/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Tables that are wider than their room can be reached by keyboard, and only those: every stop costs a key press. */
export function watchScrollers(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) mark(target as HTMLElement)
  })
  for (const part of document.querySelectorAll<HTMLElement>('.scroll')) observer.observe(part)
}

function mark(part: HTMLElement): void {
  if (part.scrollWidth <= part.clientWidth) {
    for (const name of ['tabindex', 'role', 'aria-label']) part.removeAttribute(name)
    return
  }
  part.tabIndex = 0
  part.setAttribute('role', 'group')
  part.setAttribute('aria-label', part.querySelector('caption')?.textContent.trim() ?? 'Table')
}
