import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import type { Change } from '../../../worker/state/change.ts'
import type { Delta } from '../../../worker/model/types.ts'

export const clicks = '["counter","clicks","shop","1","page","/"]'
export const timing = '["histogram","timing","shop","1"]'
export const gauge = '["gauge","g","",""]'

export const histogram = (): Delta => {
  const all = createHistogram()
  for (const value of [0, 0.5, -2]) recordValue(all, value)
  return all
}

/** Every kind of change, with the text that the code of version 0.1 wrote for it. The texts must never change. */
export const ROWS_OF_0_1: readonly (readonly [text: string, change: Change])[] = [
  [String.raw`["at",5000]`, { type: 'at', timeMs: 5_000 }],
  [String.raw`["seed",77]`, { type: 'seed', seed: 77 }],
  [String.raw`["session","old-session",3]`, { type: 'session', session: 'old-session', sequences: 3 }],
  [String.raw`["session","gaps",[1,2,5,5]]`, { type: 'session', session: 'gaps', sequences: [1, 2, 5, 5] }],
  [String.raw`["seen","session",1]`, { type: 'seen', session: 'session', sequence: 1 }],
  [
    String.raw`["add","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]",[1,0.5]]`,
    { type: 'add', key: clicks, delta: [1, 0.5] },
  ],
  [
    String.raw`["add","[\"histogram\",\"timing\",\"shop\",\"1\"]",{"h":[8,1,[-1.5],[-257,1],[255,1]]}]`,
    { type: 'add', key: timing, delta: histogram() },
  ],
  [
    String.raw`["series","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]",[0.1,1e+100],{"startMs":1,"changedMs":2,"introduced":["a"],"ended":["b"]}]`,
    {
      type: 'series',
      key: clicks,
      total: [0.1, 1e100],
      state: { startMs: 1, changedMs: 2, zeroSentTo: ['a'], endSentTo: ['b'] },
    },
  ],
  [
    String.raw`["series","[\"histogram\",\"timing\",\"shop\",\"1\"]",{"h":[8,1,[-1.5],[-257,1],[255,1]]},{"startMs":1,"changedMs":2,"introduced":[],"ended":[]}]`,
    {
      type: 'series',
      key: timing,
      total: histogram(),
      state: { startMs: 1, changedMs: 2, zeroSentTo: [], endSentTo: [] },
    },
  ],
  [
    String.raw`["flush","a",{"sinceMs":1,"flushedMs":4,"acceptedMs":3,"reachedMs":2}]`,
    { type: 'flush', destination: 'a', cursor: { firstMs: 1, lastMs: 4, lastFullMs: 3, lastPartialMs: 2 } },
  ],
  [
    String.raw`["introduced","a","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]"]`,
    { type: 'zeroSent', destination: 'a', key: clicks },
  ],
  [
    String.raw`["ended","a","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]"]`,
    { type: 'endSent', destination: 'a', key: clicks },
  ],
  [
    String.raw`["remove","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]"]`,
    { type: 'removeSeries', key: clicks },
  ],
  [String.raw`["forget","a"]`, { type: 'forgetDestination', destination: 'a' }],
  [String.raw`["track","t",5]`, { type: 'openBacklog', backlog: 't', sinceMs: 5 }],
  [
    String.raw`["pending","t","[\"histogram\",\"timing\",\"shop\",\"1\"]",{"h":[8,1,[-1.5],[-257,1],[255,1]]}]`,
    { type: 'pending', backlog: 't', key: timing, delta: histogram() },
  ],
  [
    String.raw`["freeze","t","d",5,[["[\"gauge\",\"g\",\"\",\"\"]",[1]]]]`,
    { type: 'freeze', backlog: 't', destination: 'd', timeMs: 5, gauges: [[gauge, [1]]] },
  ],
  [
    String.raw`["settle","t","d",{"doubt":[[0,1]],"back":[1,1]}]`,
    { type: 'settle', backlog: 't', destination: 'd', settlement: { inDoubt: [[0, 1]], notStored: [1, 1] } },
  ],
  [
    String.raw`["frozen","t","d",{"startMs":1,"timeMs":5}]`,
    { type: 'frozen', backlog: 't', destination: 'd', times: { startMs: 1, timeMs: 5 } },
  ],
  [
    String.raw`["frozen","t","d",{"startMs":1,"timeMs":5,"doubt":[[0,1]]}]`,
    { type: 'frozen', backlog: 't', destination: 'd', times: { startMs: 1, timeMs: 5, inDoubt: [[0, 1]] } },
  ],
  [
    String.raw`["frozen-series","t","d","[\"histogram\",\"timing\",\"shop\",\"1\"]",{"h":[8,1,[-1.5],[-257,1],[255,1]]}]`,
    { type: 'frozenSeries', backlog: 't', destination: 'd', key: timing, delta: histogram() },
  ],
  [String.raw`["untrack","t"]`, { type: 'closeBacklog', backlog: 't' }],
  [
    String.raw`["letter","d","[\"histogram\",\"timing\",\"shop\",\"1\"]",{"reason":"400: bad","timeMs":5,"delta":{"h":[8,1,[-1.5],[-257,1],[255,1]]}}]`,
    {
      type: 'deadLetter',
      destination: 'd',
      key: timing,
      deadLetter: { reason: '400: bad', timeMs: 5, delta: histogram() },
    },
  ],
  [
    String.raw`["letter","d","[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]",{"reason":"400: bad","timeMs":5}]`,
    { type: 'deadLetter', destination: 'd', key: clicks, deadLetter: { reason: '400: bad', timeMs: 5 } },
  ],
  [
    String.raw`["unletter","d",["[\"counter\",\"clicks\",\"shop\",\"1\",\"page\",\"/\"]","[\"histogram\",\"timing\",\"shop\",\"1\"]"]]`,
    { type: 'deadLettersRemoved', destination: 'd', keys: [clicks, timing] },
  ],
  [String.raw`["override",{"flushIntervalMs":5}]`, { type: 'override', override: { flushIntervalMs: 5 } }],
  [String.raw`["override",null]`, { type: 'override', override: null }],
]
