import type { Report } from '../../bench/contract/index.ts'
import { renderMarkdown } from '../markdown.ts'
import { leadPlace } from '../standing.ts'
import type { View } from '../view.ts'
import { viewOf } from '../view.ts'
import { clientScripts } from './bundle.ts'
import { chartData } from '../charts/data.ts'
import { baseline } from './baseline.ts'
import { claims } from './claims.ts'
import { caveats, methodSection, reproduceSection } from './closing.ts'
import { distance } from './distance.ts'
import type { Download } from './download.ts'
import { download } from './download.ts'
import { embedFoot } from './embed.ts'
import { header } from './header.ts'
import { k6 } from './k6.ts'
import { replication } from './lag.ts'
import { matrix } from './matrix.ts'
import { overTime } from './over-time.ts'
import { pageCost } from './page-cost.ts'
import { page } from './page.ts'
import { ranking } from './ranking.ts'
import { tail } from './tail.ts'
import { underLoad } from './under-load.ts'

/** A page should stay below this, in bytes. */
const LARGEST = 590_000

/** One file that needs no network, with every figure in tables that need no script. */
export const html: Report = {
  id: 'html',
  fileName: 'report.html',
  render(comparison) {
    const all = viewOf(comparison)
    const bare = compose(all, { data: '', label: '' })
    return compose(all, download(comparison.run, LARGEST - Buffer.byteLength(bare)))
  },
}

function compose(all: View, file: Download): string {
  return page({
    title: all.run.id,
    header: header(all),
    sections: [
      ranking,
      matrix,
      pageCost,
      tail,
      distance,
      underLoad,
      overTime,
      replication,
      k6,
      baseline,
      claims,
      caveats,
      methodSection,
    ]
      .flatMap((make) => make(all))
      .concat(reproduceSection(all, file.label)),
    foot: embedFoot(all),
    data: chartData(all, leadPlace(all), renderMarkdown(all)),
    run: file.data,
    scripts: clientScripts(),
  })
}
