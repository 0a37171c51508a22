/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { unpacked } from './packed.ts'

/** Copies a text and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Without the permission, an unseen text field does.
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'unseen'
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  say(`${what} copied`)
}

/** Hands out the run that is packed in the page. */
export async function downloadRun(packed: string, name: string): Promise<void> {
  const blob = new Blob([await unpacked(packed)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

let timer: ReturnType<typeof setTimeout> | undefined

function say(text: string): void {
  const toast = document.querySelector('#toast')!
  toast.textContent = text
  clearTimeout(timer)
  timer = setTimeout(() => {
    toast.textContent = ''
  }, 2500)
}
