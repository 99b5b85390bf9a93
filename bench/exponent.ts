// How a cost grows with a size.

/** The slope of a line through the logarithms: 0 where the cost is flat, 1 where it grows with the size. */
export function exponentOf(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const)
  const mean = (at: 0 | 1) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length
  const [meanSize, meanCost] = [mean(0), mean(1)]
  const products = logs.reduce((sum, [size, cost]) => sum + (size - meanSize) * (cost - meanCost), 0)
  return products / logs.reduce((sum, [size]) => sum + (size - meanSize) ** 2, 0)
}
