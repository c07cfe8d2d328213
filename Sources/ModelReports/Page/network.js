// The model itself, in plain arithmetic: what `lla predict` computes, from the same weights.
//
//   s_t = cell(x_t, s_{t-1}),   θ_t = softmax(W s_t + b + m_t),   p(w) = Σ_k θ_t(k) φ_wk
//
// Letters as in the equations: K topics, H hidden units.

function unpackedBytes(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = text.charCodeAt(place);
  return bytes;
}

/** A matrix of two bytes a number, the lower first: 32767 stands for the row's scale. */
function unpackedMatrix({ rows, columns, scales, values }) {
  const bytes = unpackedBytes(values), numbers = new Float32Array(rows * columns);
  for (let row = 0, place = 0; row < rows; row += 1) {
    for (const end = place + columns; place < end; place += 1) {
      numbers[place] = ((bytes[2 * place] | bytes[2 * place + 1] << 8) << 16 >> 16) * scales[row] / 32767;
    }
  }
  return { rows, columns, values: numbers };
}

/** n_wk of each item: which topics hold it, and how often. */
function unpackedCounts(base64, items) {
  const bytes = unpackedBytes(base64);
  let place = 0;
  const next = () => {
    let number = 0, scale = 1;
    for (;;) {
      const byte = bytes[place];
      place += 1;
      number += (byte & 127) * scale;
      if (byte < 128) return number;
      scale *= 128;
    }
  };
  return Array.from({ length: items }, () => {
    const held = next(), topics = new Int32Array(held), counts = new Int32Array(held);
    for (let entry = 0, topic = 0; entry < held; entry += 1) {
      topic += next();
      topics[entry] = topic;
      counts[entry] = next();
    }
    return { topics, counts };
  });
}

/** Of a network: as many as read an event in a blink, some 10 million products, but 128 to 1024; one where that is exact. */
function copiesFor({ isExact, cell, hidden, topics }) {
  const products = (cells[cell].gates * hidden + topics) * hidden;
  return isExact ? 1 : Math.min(1024, Math.max(128, Math.round(1e7 / products)));
}

const sigmoid = x => 1 / (1 + Math.exp(-x));

/**
 * Recurrent layers. What the input adds stands from the first gate on, what s_{t-1} adds from gate `from` on, in blocks of H; each
 * layer's step takes the sums, s_{t-1} and c_{t-1}, and writes s_t and, where it has one, c_t.
 */
const cells = {
  // i, f, g, o
  lstm: {
    gates: 4, from: 0,
    step(gates, h, before, hidden, cell) {
      for (let j = 0; j < h; j += 1) {
        cell[j] = sigmoid(gates[h + j]) * before.cell[j] + sigmoid(gates[j]) * Math.tanh(gates[2 * h + j]);
        hidden[j] = sigmoid(gates[3 * h + j]) * Math.tanh(cell[j]);
      }
    },
  },
  // n, r, z, and what s_{t-1} says of n, which has a bias of its own
  gru: {
    gates: 4, from: 1,
    step(gates, h, before, hidden, _, bias) {
      for (let j = 0; j < h; j += 1) {
        const z = sigmoid(gates[2 * h + j]);
        hidden[j] = (1 - z) * Math.tanh(gates[j] + sigmoid(gates[h + j]) * (gates[3 * h + j] + bias[j])) + z * before.hidden[j];
      }
    },
  },
  elman: {
    gates: 1, from: 0,
    step(gates, h, before, hidden) { for (let j = 0; j < h; j += 1) hidden[j] = Math.tanh(gates[j]); },
  },
};

class Network {
  constructor(section) {
    Object.assign(this, section);
    for (const name of Object.keys(section.weights)) this[name] = unpackedMatrix(section.weights[name]);
    this.items = section.vocabulary.length;
    this.held = unpackedCounts(section.counts, this.items);
    // 1 / (n_k + Vβ)
    this.inverse = Float64Array.from(section.totals, total => 1 / (total + this.items * section.beta));
    this.contributions = new Map();
    const table = this.gate_table ?? this.embedding;
    this.startRow = table.rows - 1;
  }

  /** What a row of the input's table adds to the gates. */
  contribution(row) {
    if (this.contributions.has(row)) return this.contributions.get(row);
    const width = (this.gate_table ?? this.input).columns, sum = new Float64Array(width);
    if (this.gate_table) {
      sum.set(this.gate_table.values.subarray(row * width, (row + 1) * width));
    } else {
      sum.set(this.gate_bias.values);
      for (let e = 0; e < this.embedding.columns; e += 1) {
        const weight = this.embedding.values[row * this.embedding.columns + e];
        for (let j = 0; j < width; j += 1) sum[j] += weight * this.input.values[e * width + j];
      }
    }
    this.contributions.set(row, sum);
    return sum;
  }

  /** The state of a sequence before its first event. */
  begin() {
    return this.stepped({
      hidden: new Float64Array(this.hidden), cell: new Float64Array(this.hidden), input: [[this.startRow, 1]],
      counts: this.memory.map(() => new Float64Array(this.topics)),
    });
  }

  /** s_t, c_t and θ_t from s_{t-1}, c_{t-1}, x_t (a mean of rows) and the running counts; c is zero where there is none. */
  stepped({ hidden, cell, input, counts }) {
    const h = this.hidden, kind = cells[this.cell], gates = new Float64Array(kind.gates * h);
    for (const [row, share] of input) {
      const from = this.contribution(row);
      for (let j = 0; j < from.length; j += 1) gates[j] += share * from[j];
    }
    const { columns, values } = this.recurrent, first = kind.from * h;
    for (let i = 0; i < h; i += 1) {
      if (hidden[i] === 0) continue;
      for (let j = 0, from = i * columns; j < columns; j += 1) gates[first + j] += hidden[i] * values[from + j];
    }
    const newCell = new Float64Array(h), newHidden = new Float64Array(h);
    kind.step(gates, h, { hidden, cell }, newHidden, newCell, this.candidate_bias?.values);
    return { hidden: newHidden, cell: newCell, counts, theta: this.proportions(newHidden, counts) };
  }

  /** softmax(W s + b + Σ λ log(1 + n/α)); logits count as at most 64 below the largest. */
  proportions(hidden, counts) {
    const k = this.topics, logits = Float64Array.from(this.output_bias.values);
    for (let i = 0; i < hidden.length; i += 1) {
      for (let topic = 0, from = i * k; topic < k; topic += 1) logits[topic] += hidden[i] * this.output.values[from + topic];
    }
    this.memory.forEach(({ weight, concentration }, kind) => {
      for (let topic = 0; topic < k; topic += 1) logits[topic] += weight * Math.log1p(counts[kind][topic] / concentration);
    });
    let top = -Infinity, sum = 0;
    for (const logit of logits) top = Math.max(top, logit);
    for (let topic = 0; topic < k; topic += 1) sum += logits[topic] = Math.exp(Math.max(-64, logits[topic] - top));
    for (let topic = 0; topic < k; topic += 1) logits[topic] /= sum;
    return logits;
  }

  /** θ_k φ_wk (K), and their sum α. */
  weighed(theta, item) {
    const weights = theta.map((share, topic) => share * this.beta * this.inverse[topic]);
    const { topics, counts } = this.held[item];
    for (let entry = 0; entry < topics.length; entry += 1) weights[topics[entry]] += theta[topics[entry]] * counts[entry] * this.inverse[topics[entry]];
    const alpha = weights.reduce((sum, weight) => sum + weight, 0);
    return { weights, alpha };
  }

  /** p(w) of all items, (V). */
  itemProbabilities(theta) {
    let common = 0;
    const scaled = theta.map((share, topic) => share * this.inverse[topic]);
    for (const share of scaled) common += this.beta * share;
    return Float64Array.from(this.held, ({ topics, counts }) => {
      let sum = common;
      for (let entry = 0; entry < topics.length; entry += 1) sum += counts[entry] * scaled[topics[entry]];
      return sum;
    });
  }
}

/**
 * One sequence being read. Where the state depends on the items alone one copy is exact; where it depends on topics drawn,
 * copies are chosen by how well they explain each event, and numbers drawn from a fixed seed: the same history, the same answer.
 */
class Reader {
  constructor(network) {
    this.network = network;
    this.random = 20170806;
    this.copies = Array(copiesFor(network)).fill(network.begin());
  }

  /** Of a linear congruence modulo 2^32, in [0, 1). */
  uniform() {
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return (this.random >>> 8) / 2 ** 24;
  }

  /** θ̄, the mean over copies. */
  topics() {
    const mean = new Float64Array(this.network.topics);
    for (const { theta } of this.copies) theta.forEach((share, topic) => { mean[topic] += share / this.copies.length; });
    return mean;
  }

  read(item) {
    const { network } = this, explained = this.copies.map(copy => network.weighed(copy.theta, item));
    const survivors = network.isExact ? [{ ancestor: 0 }] : this.survivors(explained);
    this.copies = survivors.map(({ ancestor, topic }) => network.stepped(this.next(this.copies[ancestor], explained[ancestor], item, topic)));
  }

  /**
   * Copies to go on with, each with a topic, ∝ θ_k φ_wk: at even distances from one number drawn, topic after topic and within
   * a topic copy after copy, so that each topic gets its share of copies to within one.
   */
  survivors(explained) {
    const count = explained.length, total = explained.reduce((sum, { alpha }) => sum + alpha, 0), start = this.uniform();
    const chosen = [];
    let passed = 0, last = { ancestor: 0, topic: 0 };
    for (let topic = 0; topic < this.network.topics; topic += 1) {
      for (let ancestor = 0; ancestor < count; ancestor += 1) {
        const weight = explained[ancestor].weights[topic];
        if (weight <= 0) continue;
        last = { ancestor, topic };
        passed += weight;
        while (chosen.length < count && (chosen.length + start) / count * total < passed) chosen.push(last);
      }
    }
    // Rounding may leave the last place open.
    while (chosen.length < count) chosen.push(last);
    return chosen;
  }

  /** What the next step of a copy goes on from. */
  next({ hidden, cell, counts }, { weights, alpha }, item, topic) {
    const { network } = this;
    const running = counts.map((before, kind) => {
      const after = before.map(count => count * network.memory[kind].decay);
      if (topic === undefined) weights.forEach((weight, k) => { after[k] += weight / alpha; });
      else after[topic] += 1;
      return after;
    });
    const input = network.readsItems ? [[item, 1]] : network.isExact ? this.belief(weights, alpha) : [[topic, 1]];
    return { hidden, cell, counts: running, input };
  }

  /** The heaviest topics of the posterior, those with next to nothing left out. */
  belief(weights, alpha) {
    const { beliefTopics, leastBelief } = this.network;
    const kept = [...weights.keys()].filter(topic => weights[topic] > leastBelief * alpha)
      .sort((a, b) => weights[b] - weights[a] || a - b).slice(0, beliefTopics);
    if (!kept.length) return [[weights.indexOf(Math.max(...weights)), 1]];
    const sum = kept.reduce((total, topic) => total + weights[topic], 0);
    return kept.map(topic => [topic, weights[topic] / sum]);
  }
}
