import { EXAMPLE_ID } from './config-text.ts'
import type { Found } from './project.ts'

/** A read, a write, and the user's own: what a pull request is asked, so that its answer comes in minutes. */
const ASKED = [EXAMPLE_ID, 'point-read', 'insert']

/**
 * The action comes with the package, so its version is the one in the lock file and no third party is trusted.
 * @param hasExample whether the configuration is the written one; of another nobody knows here what can be asked, so all of it is
 */
export function workflowText({ prefix, home, install }: Found, hasExample: boolean): string {
  const inputs = [
    ...(prefix === '' ? [] : [`working-directory: ${quoted(prefix)}`]),
    ...(hasExample ? [`scenario: ${ASKED.join(',')}`] : []),
  ]
  const lines = [
    '# Is this pull request slower? docs/ci.md of sqlatency explains it.',
    'name: sqlatency',
    'on: pull_request',
    'permissions:',
    '  contents: read',
    'jobs:',
    '  compare:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 60',
    '    permissions:',
    '      contents: read',
    '      pull-requests: write # for the comment',
    '    steps:',
    '      - uses: actions/checkout@v6',
    '      - uses: actions/setup-node@v6',
    '        with:',
    '          node-version: 24',
    `      - run: ${install}`,
    ...(home === '' ? [] : [`        working-directory: ${quoted(home)}`]),
    `      - uses: ${quoted(`./${home === '' ? '' : `${home}/`}node_modules/sqlatency`)}`,
    ...(inputs.length === 0 ? [] : ['        with:']),
    ...inputs.map((input) => `          ${input}`),
    '',
  ]
  return lines.join('\n')
}

/** As YAML: plain where that cannot be misread, else as JSON, which YAML reads. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text))
