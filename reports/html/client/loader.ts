/// <reference lib="dom" />
import { unpacked } from './packed.ts'

/**
 * Data and script are packed: both to less than half. The policy knows the script by its hash, so that only this one runs
 * when it is put into the page.
 */
async function begin(): Promise<void> {
  const data = document.querySelector('#data')!
  const script = document.createElement('script')
  const texts = [data, document.querySelector('#code')!].map(async (part) => (await unpacked(part.textContent)).text())
  ;[data.textContent, script.textContent] = (await Promise.all(texts)) as [string, string]
  document.body.append(script)
}

void begin()
