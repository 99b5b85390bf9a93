// Draws the charts of a report from the figures in its page. Runs in a browser, with uPlot before it; asks nothing of the network.
;(() => {
  const holder = document.getElementById('data')
  if (holder === null) return
  const data = JSON.parse(holder.textContent)
  const { words } = data
  const outcomeNames = ['approved', 'declined', 'timedOut', 'failed', 'unsent']
  const height = 240
  /** Points beyond which bars become areas: thousands of bars take seconds to draw and are narrower than a pixel. */
  const mostBars = 2000
  const drawn = []

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
  const isPositive = (value) => value !== null && value > 0
  const number = (value) => String(Math.round(value * 1000) / 1000).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')
  const ms = (value) => {
    if (value === null || value === undefined) return '–'
    if (value >= 10000) return `${number(Math.round(value / 100) / 10)} s`
    return `${number(value >= 100 ? Math.round(value) : Math.round(value * 100) / 100)} ms`
  }

  /** A range in whole tenfolds, so that a logarithmic axis has round ends. */
  const decades = (_, low, high) => {
    const from = 10 ** Math.floor(Math.log10(Math.max(low ?? 1, 0.001)))
    const to = 10 ** Math.ceil(Math.log10(Math.max(high ?? 10, from * 1.01)))
    return [from, Math.max(to, from * 10)]
  }
  const fromZero = (_, __, high) => [0, Math.max(1, (high ?? 1) * 1.05)]
  const axis = (more) => ({
    stroke: colour('soft'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
    ...more,
  })
  const msAxis = (more) =>
    axis({ size: 76, values: (_, splits) => splits.map((value) => (isTenfold(value) ? ms(value) : '')), ...more })
  const isTenfold = (value) => value !== null && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6
  /** 1, 2, 3 … times each tenfold: of a range that does not begin at one, uPlot's own are no round numbers. */
  const roundSplits = (from, to) => {
    const splits = []
    for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
      for (let digit = 1; digit < 10; digit++) splits.push(Number((digit * 10 ** power).toPrecision(1)))
    return splits.filter((split) => split >= from && split <= to)
  }
  const timeAxis = () =>
    axis({ values: (_, splits) => splits.map((value) => (value >= 3600 ? clockTime(value) : `${value} s`)) })
  const clockTime = (value) =>
    `${Math.floor(value / 3600)}:${String(Math.floor((value % 3600) / 60)).padStart(2, '0')}:${String(Math.floor(value % 60)).padStart(2, '0')}`
  const line = (label, name, more) => ({
    label,
    stroke: colour(name),
    width: 1.5,
    points: { show: data.at === undefined || data.at.length < 60, size: 4 },
    value: (_, value) => ms(value),
    ...more,
  })

  /** Bands of the faults, changes of host, and the limit of what is timely: under the lines. */
  const backdrop = (withLimit) => (plot) => {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    ctx.fillStyle = colour('band')
    ctx.font = `${11 * devicePixelRatio}px sans-serif`
    const named = new Set()
    data.bands.forEach(({ name, from, to }) => {
      const left = plot.valToPos(from, 'x', true)
      const right = Math.max(left + devicePixelRatio, plot.valToPos(to, 'x', true))
      ctx.fillStyle = colour('band')
      ctx.fillRect(left, bbox.top, right - left, bbox.height)
      if (named.has(name)) return
      ctx.fillStyle = colour('soft')
      ctx.fillText(name.slice(0, 40), left + 3, bbox.top + (12 + 12 * (named.size % 4)) * devicePixelRatio)
      named.add(name)
    })
    ctx.strokeStyle = colour('text')
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio])
    for (const { at } of data.switches) stroke(ctx, plot.valToPos(at, 'x', true), bbox.top, 0, bbox.height)
    if (withLimit) {
      ctx.strokeStyle = colour('limit')
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
      stroke(ctx, bbox.left, plot.valToPos(data.limitMs, 'y', true), bbox.width, 0)
    }
    ctx.restore()
  }
  const stroke = (ctx, x, y, dx, dy) => {
    ctx.beginPath()
    ctx.moveTo(x, y)
    ctx.lineTo(x + dx, y + dy)
    ctx.stroke()
  }

  const common = (width) => ({
    width,
    height,
    padding: [8, 24, 0, 0],
    cursor: { sync: { key: 'run' }, drag: { x: true, y: false } },
    scales: { x: { time: false } },
  })
  const xSeries = () => ({ label: words.second, value: (_, value) => (value === null ? '–' : `${value} s`) })

  const timeChart = (width) => {
    const high = Math.max(data.limitMs, 1)
    return [
      {
        ...common(width),
        scales: {
          x: { time: false },
          y: { distr: 3, range: (plot, low, top) => decades(plot, low, Math.max(top ?? 1, high)) },
        },
        series: [
          xSeries(),
          line('p50', 'p50'),
          line('p90', 'p90'),
          line('p99', 'p99'),
          line('max', 'max', { width: 1, dash: [3, 3] }),
          line(words.echo, 'echo', { width: 1, dash: [6, 3] }),
        ],
        axes: [timeAxis(), msAxis()],
        hooks: { drawClear: [backdrop(true)] },
      },
      [
        data.at,
        ...[data.p50, data.p90, data.p99, data.max, data.echoP50].map((column) =>
          column.map((v) => (isPositive(v) ? v : null)),
        ),
      ],
    ]
  }

  /** Outcomes on top of each other: each is drawn as the sum of those below it, the greatest first. */
  const outcomeChart = (width) => {
    const sums = data.outcomes.map((_, index) =>
      data.at.map((__, row) => data.outcomes.slice(0, index + 1).reduce((sum, column) => sum + column[row], 0)),
    )
    const bars = data.at.length <= mostBars ? uPlot.paths.bars({ size: [1, Infinity], align: 1 }) : undefined
    const order = outcomeNames.map((_, index) => index).reverse()
    return [
      {
        ...common(width),
        scales: { x: { time: false }, y: { range: fromZero } },
        series: [
          xSeries(),
          ...order.map((index) => ({
            label: words.outcomes[index],
            fill: colour(outcomeNames[index]),
            stroke: colour(outcomeNames[index]),
            width: 0,
            points: { show: false },
            value: (_, __, ___, row) => (row === null ? '–' : number(data.outcomes[index][row])),
            ...(bars === undefined ? {} : { paths: bars }),
          })),
          {
            label: words.offered,
            stroke: colour('text'),
            width: 1,
            points: { show: false },
            value: (_, v) => (v === null ? '–' : number(v)),
          },
        ],
        axes: [timeAxis(), axis({ size: 76 })],
        hooks: { drawClear: [backdrop(false)] },
      },
      [data.at, ...order.map((index) => sums[index]), data.offered],
    ]
  }

  /** Viridis: readable when printed grey, and by people who see no red. */
  const viridis = [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ]
  const heatColour = (share) => {
    const at = share * (viridis.length - 1)
    const index = Math.min(viridis.length - 2, Math.floor(at))
    const mixed = viridis[index].map((low, channel) =>
      Math.round(low + (viridis[index + 1][channel] - low) * (at - index)),
    )
    return `rgb(${mixed.join(',')})`
  }
  const heatChart = (width) => {
    const { from, seconds, rowsPerDecade, cells } = data.heat
    const most = Math.log(cells.reduce((high, cell) => Math.max(high, cell[2]), 1) + 1)
    const at = (row) => 10 ** (row / rowsPerDecade)
    const rows = cells.map((cell) => cell[1])
    const low = rows.length === 0 ? 1 : at(rows.reduce((a, b) => Math.min(a, b)))
    const high = rows.length === 0 ? 10 : at(rows.reduce((a, b) => Math.max(a, b)) + 1)
    const paint = (plot) => {
      const { ctx } = plot
      ctx.save()
      for (const [column, row, count] of cells) {
        const left = Math.round(plot.valToPos(from + column * seconds, 'x', true))
        const right = Math.round(plot.valToPos(from + (column + 1) * seconds, 'x', true))
        const top = Math.round(plot.valToPos(at(row + 1), 'y', true))
        const bottom = Math.round(plot.valToPos(at(row), 'y', true))
        ctx.fillStyle = heatColour(Math.log(count + 1) / most)
        ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top))
      }
      ctx.restore()
    }
    const last = data.at.length - 1
    return [
      {
        ...common(width),
        scales: { x: { time: false }, y: { distr: 3, range: () => [low, Math.max(high, low * 1.3)] } },
        series: [
          xSeries(),
          { label: words.response, stroke: 'transparent', points: { show: false }, value: (_, v) => ms(v) },
        ],
        axes: [
          timeAxis(),
          axis({
            size: 76,
            splits: (_, __, from, to) => roundSplits(from, to),
            values: (_, splits) => splits.map((v) => (isTenfold(v) || high / low < 20 ? ms(v) : '')),
          }),
        ],
        hooks: { draw: [paint] },
        legend: { show: false },
      },
      // An invisible line gives the chart its axes, as wide as those above it.
      [[...data.at, data.at[last] + data.seconds[last]], [...data.at, 0].map(() => low)],
    ]
  }

  /** Runs of the base are whole lines and the others dashed, for whoever sees no colours. */
  const dashOf = (stroke, index) => ((data.compared === undefined ? index === 0 : stroke === 'p50') ? [] : [6, 3])

  /** Two lines or more over 1 / (1 - q): `series` are named columns beside `x`. */
  const spectrumChart = (width, { x, series }) => [
    {
      ...common(width),
      cursor: { drag: { x: true, y: false } },
      scales: { x: { time: false, distr: 3 }, y: { distr: 3, range: decades } },
      series: [
        { label: words.quantile, value: (_, v) => (v === null ? '–' : `${number(100 - 100 / v)} %`) },
        ...series.map(({ name, colour: stroke }, index) =>
          line(name, stroke, { points: { show: false }, dash: dashOf(stroke, index) }),
        ),
      ],
      axes: [
        axis({
          values: (_, splits) => splits.map((v) => (isTenfold(v) ? `${Number((100 - 100 / v).toFixed(6))} %` : '')),
        }),
        msAxis(),
      ],
    },
    [x, ...series.map(({ values }) => values.map((v) => (isPositive(v) ? v : null)))],
  ]
  const ownSpectrum = (width) =>
    spectrumChart(width, {
      x: data.spectrum.x,
      series: [
        { name: words.response, colour: 'p99', values: data.spectrum.response },
        { name: words.service, colour: 'p50', values: data.spectrum.service },
      ],
    })

  const loadChart = (width) => [
    {
      ...common(width),
      scales: { x: { time: false }, y: { range: fromZero }, lag: { range: fromZero } },
      series: [
        xSeries(),
        { label: words.inFlight, stroke: colour('p50'), width: 1.5, points: { show: data.at.length < 60, size: 4 } },
        line(words.lag, 'p99', { scale: 'lag' }),
      ],
      axes: [
        timeAxis(),
        axis({ size: 76 }),
        axis({ side: 1, scale: 'lag', size: 60, grid: { show: false }, values: (_, splits) => splits.map(ms) }),
      ],
      hooks: { drawClear: [backdrop(false)] },
    },
    [data.at, data.inFlight, data.lag],
  ]

  /** Of a comparison: the runs over each other, by percentile and by second. */
  const comparedSpectra = (width) => spectrumChart(width, data.compared.spectra)
  const comparedTimes = (width) => {
    const { x, series } = data.compared.times
    return [
      {
        ...common(width),
        scales: { x: { time: false }, y: { distr: 3, range: decades } },
        series: [
          xSeries(),
          ...series.map(({ name, colour: stroke }, index) => line(name, stroke, { dash: dashOf(stroke, index) })),
        ],
        axes: [timeAxis(), msAxis()],
      },
      [x, ...series.map(({ values }) => values.map((v) => (isPositive(v) ? v : null)))],
    ]
  }

  const makers = {
    chartTime: timeChart,
    chartOutcomes: outcomeChart,
    chartHeat: heatChart,
    chartSpectrum: ownSpectrum,
    chartLoad: loadChart,
    comparedSpectra,
    comparedTimes,
  }

  const draw = () => {
    for (const { plot } of drawn.splice(0)) plot.destroy()
    for (const [id, make] of Object.entries(makers)) {
      const place = document.getElementById(id)
      if (place === null) continue
      const [options, columns] = make(Math.max(260, place.clientWidth))
      drawn.push({ plot: new uPlot(options, columns, place), place })
    }
    document.documentElement.dataset.drawn = String(drawn.length)
  }
  const resize = () => {
    for (const { plot, place } of drawn) {
      const width = Math.max(260, place.clientWidth)
      if (Math.abs(width - plot.width) > 1) plot.setSize({ width, height })
    }
  }

  draw()
  new ResizeObserver(resize).observe(document.querySelector('main'))
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  // Paper is light, whatever the screen is.
  matchMedia('print').addEventListener('change', draw)
  addEventListener('beforeprint', draw)
  addEventListener('afterprint', draw)
})()
