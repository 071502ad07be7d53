import { describe, expect, it } from 'vitest'
import { createLabeler, type LabelOptions } from '../../../../worker/destinations/prometheus/labels.ts'
import { NAMINGS } from '../../../../worker/destinations/prometheus/names.ts'
import { counterOf, histogramOf, type SeriesOptions } from '../../../contract/snapshots.ts'

const both: LabelOptions = { resourceLabels: { service: true, release: true }, externalLabels: {} }
const none: LabelOptions = { resourceLabels: { service: false, release: false }, externalLabels: {} }

const labelsOf = (options: LabelOptions, series: SeriesOptions): string =>
  createLabeler(options)
    .labelsOf(counterOf('x', 1, series).series)
    .map(({ name, value }) => `${name}=${value}`)
    .join(' ')

describe('createLabeler', () => {
  it.each<[string, LabelOptions, SeriesOptions, string]>([
    ['sorts', none, { attributes: { b: 1, a: true, C: 'x' } }, 'C=x a=true b=1'],
    ['puts the resource on', both, { service: 'shop', release: '1.2' }, 'release=1.2 service=shop'],
    ['leaves an empty resource out', both, { release: '1.2' }, 'release=1.2'],
    ['leaves it out when switched off', none, { service: 'shop', release: '1.2' }, ''],
    [
      'moves what is named like ours',
      both,
      { service: 'shop', attributes: { service: 'x' } },
      'exported_service=x service=shop',
    ],
    ['moves it without a service too', both, { attributes: { service: 'x' } }, 'exported_service=x'],
    ['lets it be when switched off', none, { service: 'shop', attributes: { service: 'x' } }, 'service=x'],
    ['joins what meets in one label', none, { attributes: { 'a.b': '2', a_b: '3', 'a.c': '4' } }, 'a_b=2;3 a_c=4'],
    ['joins what was moved', both, { attributes: { service: '2', exported_service: '1' } }, 'exported_service=1;2'],
    [
      'leaves job, instance and le of a counter',
      both,
      { attributes: { job: 'j', instance: 'i', le: '1' } },
      'instance=i job=j le=1',
    ],
    ['keeps odd values', none, { attributes: { a: '"\\é😀' } }, 'a="\\é😀'],
  ])('%s', (...[, options, series, expected]) => {
    expect(labelsOf(options, series)).toBe(expected)
  })

  it('puts external labels below all others', () => {
    const options = { ...both, externalLabels: { env: 'prod', service: 'all', empty: '' } }
    expect(labelsOf(options, { attributes: { env: 'mine' } })).toBe('env=prod exported_env=mine service=all')
    expect(labelsOf(options, { service: 'shop' })).toBe('env=prod service=shop')
  })

  it('keeps names as they are in UTF-8, but ours', () => {
    const options = { ...both, naming: NAMINGS.utf8, externalLabels: { 'the.env': 'prod' } }
    const attributes = { 'http.route': '/', http_route: 'x', service: 'mine', 'the.env': 'test' }
    expect(labelsOf(options, { attributes, service: 'shop' })).toBe(
      'exported_service=mine exported_the.env=test http.route=/ http_route=x service=shop the.env=prod',
    )
  })

  it('leaves to the receiver what it labels itself', () => {
    const options = { ...both, reserved: ['job', 'service'], externalLabels: { job: 'all', env: 'prod' } }
    expect(labelsOf(options, { attributes: { job: 'j', service: 's' }, service: 'shop', release: '1' })).toBe(
      'env=prod exported_exported_service=s exported_job=j exported_service=shop release=1',
    )
  })

  it('keeps the labels of buckets for the buckets', () => {
    const { series } = histogramOf('x', [1], { attributes: { vmrange: '5' } })
    expect(createLabeler({ ...none, bucketLabels: ['vmrange'] }).labelsOf(series)).toEqual([
      { name: 'exported_vmrange', value: '5' },
    ])
    expect(createLabeler(none).labelsOf(series)).toEqual([{ name: 'vmrange', value: '5' }])
  })

  it('keeps le of a histogram for the buckets', () => {
    const { series } = histogramOf('x', [1], { attributes: { le: '5' } })
    expect(createLabeler(none).labelsOf(series)).toEqual([{ name: 'exported_le', value: '5' }])
  })
})
