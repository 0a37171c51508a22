import { registerHooks } from 'node:module'
import { extname } from 'node:path'

/**
 * Lets `import ... from 'sqlatency'` in a user's configuration mean this very installation, as source or as built,
 * wherever the configuration lies. Two copies of the contract would be two classes of errors.
 */
let isRegistered = false

export function resolveSelf(): void {
  if (isRegistered) return
  isRegistered = true
  const door = new URL(`./index${extname(import.meta.url)}`, import.meta.url).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'sqlatency' ? { url: door, shortCircuit: true } : next(specifier, context),
  })
}
