import { given, required } from './step.js'

const TRIES = 3
const PAUSE_MS = 500

/** What GitHub said to a request that it did not grant. */
export class Denied extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/**
 * Does something again that failed by what may be a passing trouble. What failed may have been done all the same, so it has to look first.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 * @throws {Denied} when the answer is no
 */
export async function patiently(work) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const isFinal = error instanceof Denied && error.status < 500
      if (isFinal || tries === TRIES) throw error
    }
    await new Promise((settle) => setTimeout(settle, PAUSE_MS * tries))
  }
}

/**
 * One request to GitHub's REST API.
 * @param {'GET' | 'POST' | 'PATCH'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>}
 * @throws {Denied} when it is not granted
 */
export async function request(method, path, body) {
  const response = await fetch(`${required('GITHUB_API_URL')}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${given('TOKEN')}`,
      'x-github-api-version': '2022-11-28',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (response.ok) return response.json()
  throw new Denied(response.status, `${response.status} ${(await response.text()).slice(0, 300)}`)
}
