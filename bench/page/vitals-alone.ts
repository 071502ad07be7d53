/** The five web vitals and nothing else, to compare the script tag's start-up with. */
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

const values: number[] = []
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(({ value }) => values.push(value))
