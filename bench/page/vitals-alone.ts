/** The five web vitals and nothing else: what the script tag's start-up is compared with. */
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

const values: number[] = []
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(({ value }) => values.push(value))
