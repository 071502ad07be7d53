/** Values from -ZERO_THRESHOLD to ZERO_THRESHOLD count as zero in native and exponential histograms. The default of Prometheus, 2^-128. Not 0: VictoriaMetrics reads quantiles wrong then. It is a bucket's bound at every scale. */
export const ZERO_THRESHOLD: number = 2 ** -128
