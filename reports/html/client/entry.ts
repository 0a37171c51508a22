/// <reference lib="dom" />
import { unpacked } from './packed.ts'

/** The data are packed to a quarter; everything else begins when they are there. */
async function begin(): Promise<void> {
  const data = document.querySelector('#data')!
  data.textContent = await (await unpacked(data.textContent)).text()
  await import('./main.ts')
}

void begin()
