'use strict';
(() => {
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const charts = JSON.parse(document.getElementById('charts').textContent);
  let drawn = [];

  // A histogram per entry: bars over equal bins, the axis in the unit of the figure.
  const draw = printing => {
    drawn.forEach(chart => chart.destroy());
    drawn = [];
    if (typeof Chart === 'undefined') return;
    const ink = printing ? '#333' : style('--muted');
    const bar = printing ? '#4d7a99' : style('--bar');
    const line = printing ? '#ddd' : style('--line');
    for (const figure of charts) {
      const canvas = document.getElementById(figure.id);
      if (!canvas) continue;
      const width = figure.end / figure.bins.length;
      drawn.push(new Chart(canvas, {
        type: 'bar',
        data: {
          datasets: [{data: figure.bins.map((count, i) => ({x: (i + 0.5) * width, y: count})),
                      backgroundColor: bar, barPercentage: 1, categoryPercentage: 0.92}],
        },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false,
          plugins: {
            legend: {display: false},
            tooltip: {callbacks: {
              title: items => {
                const from = items[0].dataIndex * width;
                const last = items[0].dataIndex === figure.bins.length - 1;
                return `${from.toPrecision(3)} – ${last && figure.cut ? 'max' : (from + width).toPrecision(3)} ${figure.unit}`;
              },
              label: item => `${item.parsed.y.toLocaleString('en')} answers`,
            }},
          },
          scales: {
            x: {type: 'linear', offset: false, min: 0, max: figure.end, grid: {display: false, borderColor: line},
                ticks: {color: ink, maxRotation: 0},
                title: {display: true, text: figure.unit, color: ink}},
            y: {grid: {color: line, drawBorder: false}, ticks: {color: ink, precision: 0, maxTicksLimit: 5}, beginAtZero: true},
          },
        },
      }));
    }
  };
  draw(matchMedia('print').matches);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(false));
  // On paper nothing can be opened: the identity of each run is opened for it.
  const identities = [...document.querySelectorAll('details.identity')];
  let were_open = [];
  addEventListener('beforeprint', () => {
    draw(true);
    were_open = identities.map(details => details.open);
    identities.forEach(details => { details.open = true; });
  });
  addEventListener('afterprint', () => {
    draw(false);
    identities.forEach((details, i) => { details.open = were_open[i]; });
  });

  const form = document.querySelector('form.filters');
  const samples = [...document.querySelectorAll('details.sample')];
  const texts = new Map();  // lower-cased once, when first searched
  const text_of = sample => {
    if (!texts.has(sample)) texts.set(sample, sample.textContent.toLowerCase());
    return texts.get(sample);
  };
  const apply = () => {
    const wanted = form.elements.class.value;
    const run = form.elements.run ? form.elements.run.value : '';
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const sample of samples) {
      const match = (wanted === 'all' || sample.dataset.class === wanted) &&
        (run === '' || sample.dataset.run === run) &&
        words.every(word => text_of(sample).includes(word));
      sample.hidden = !match;
      shown += match ? 1 : 0;
    }
    form.querySelector('output').textContent = `${shown.toLocaleString('en')} of ${samples.length.toLocaleString('en')} on this page`;
  };
  form.hidden = false;
  form.addEventListener('submit', event => event.preventDefault());
  let timer = 0;
  form.addEventListener('input', event => {
    clearTimeout(timer);
    timer = setTimeout(apply, event.target.name === 'text' ? 120 : 0);
  });
  form.elements.open.addEventListener('click', () => {
    const visible = samples.filter(sample => !sample.hidden).slice(0, 200);
    const open = visible.some(sample => !sample.open);
    visible.forEach(sample => { sample.open = open; });
    form.elements.open.textContent = open ? 'Collapse' : 'Expand';
  });
  addEventListener('keydown', event => {
    if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      form.elements.text.focus();
    }
  });
  const reveal = () => {
    const target = location.hash.startsWith('#s-') && document.getElementById(location.hash.slice(1));
    if (target) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener('hashchange', reveal);
  apply();
  reveal();
})();
