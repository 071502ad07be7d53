import { describe, expect, it } from 'vitest'
import { groupingPath } from '../../../../worker/destinations/pushgateway/grouping-path.ts'

describe('groupingPath', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['shop', {}, '/job/shop'],
    ['shop', { instance: 'a', region: 'eu-1' }, '/job/shop/instance/a/region/eu-1'],
    ['web/shop', {}, '/job@base64/d2ViL3Nob3A'],
    ['directory_cleaner', { path: '/var/tmp' }, '/job/directory_cleaner/path@base64/L3Zhci90bXA'],
    ['example', { first_label: '', second_label: 'foobar' }, '/job/example/first_label@base64/=/second_label/foobar'],
    ['titan', { name: 'Προμηθεύς' }, '/job/titan/name/%CE%A0%CF%81%CE%BF%CE%BC%CE%B7%CE%B8%CE%B5%CF%8D%CF%82'],
    ['a b?c#d%', {}, '/job/a%20b%3Fc%23d%25'],
    ['..', { x: '.' }, '/job@base64/Li4/x@base64/Lg'],
    ['/??>', {}, '/job@base64/Lz8_Pg'],
  ])('%s with %j is %s', (job, labels, path) => {
    expect(groupingPath(job, labels)).toBe(path)
  })
})
