// Whose a key is: a command's, unless it is somebody's input, a shortcut of the browser, or a dialog's.

/** It is nobody's yet, and nobody is in a dialog. */
export function isFree({ defaultPrevented, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  return !defaultPrevented && !ctrlKey && !metaKey && !altKey && !isInDialog(target)
}

/** What had the focus in a dialog keeps it for a frame after that was closed: nobody types there any more. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    ((target instanceof HTMLInputElement && target.type === 'text') ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement) &&
    target.closest('dialog:not([open])') === null
  )
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog[open]') !== null
}
