// Whose a key is: a command's, unless it is somebody's input, a shortcut of the browser, or a dialog's.

/** It is nobody's yet, and nobody is in a dialog. */
export function isFree({ defaultPrevented, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  return !defaultPrevented && !ctrlKey && !metaKey && !altKey && !isInDialog(target)
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    (target instanceof HTMLInputElement && target.type === 'text') ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog') !== null
}
