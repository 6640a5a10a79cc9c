"""Reference spectrograms in float64, written without the C# code: python3 spectra.py > spectra.json (numpy 1.24)."""
import json
import math

import numpy as np

RATE = 22050
SAMPLES = 15435


def signal():
    """A tone, a rising one, noise of a linear congruence, and 0.05 s of silence; as float32."""
    t = np.arange(SAMPLES) / RATE
    noise, state = np.empty(SAMPLES), 12345
    for i in range(SAMPLES):
        state = (1664525 * state + 1013904223) % 2**32
        noise[i] = state / 2**31 - 1
    y = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.3 * np.sin(2 * np.pi * (200 * t + 5000 * t * t)) + 0.05 * noise
    y[8000:9102] = 0
    return y.astype(np.float32).astype(np.float64)


def mel_of(f, htk):
    if htk:
        return 2595 * math.log10(1 + f / 700)
    return f * 3 / 200 if f < 1000 else 15 + 27 * math.log(f / 1000) / math.log(6.4)


def hertz_of(m, htk):
    if htk:
        return 700 * (10 ** (m / 2595) - 1)
    return m * 200 / 3 if m < 15 else 1000 * 6.4 ** ((m - 15) / 27)


def filters(n, bands, low, high, htk, area):
    a, b = mel_of(low, htk), mel_of(high, htk)
    edges = [hertz_of(m, htk) for m in np.linspace(a, b, bands + 2)]
    bank = np.zeros((bands, n // 2 + 1))
    for i in range(bands):
        for k in range(n // 2 + 1):
            f = k * RATE / n
            if edges[i] < f <= edges[i + 1]:
                bank[i, k] = (f - edges[i]) / (edges[i + 1] - edges[i])
            elif edges[i + 1] < f < edges[i + 2]:
                bank[i, k] = (edges[i + 2] - f) / (edges[i + 2] - edges[i + 1])
        if area:
            bank[i] *= 2 / (edges[i + 2] - edges[i])
    return bank


def spectrogram(n, hop, bands, low=0.0, high=RATE / 2, htk=False, area=True, power=2, padding=None):
    y = signal()
    if padding:
        y = np.pad(y, n // 2, mode=padding)
    window = np.array([math.sin(math.pi * i / n) ** 2 for i in range(n)])
    spectra = [np.abs(np.fft.rfft(y[s:s + n] * window)) ** power for s in range(0, len(y) - n + 1, hop)]
    return np.array(spectra) @ filters(n, bands, low, high, htk, area).T


def main():
    log1p = lambda s: np.log10(1 + 1e4 * s)
    half = spectrogram(512, 700, 40, 50, 8000, htk=True, area=False, padding="reflect")
    decibels = 10 * np.log10(np.maximum(half, 1e-10) / 2)
    found = {
        "production": log1p(spectrogram(2048, 1102, 128, high=9000)),
        "seed": log1p(spectrogram(2048, 1102, 128)),
        "centered": spectrogram(2048, 1024, 128, padding="constant"),
        "magnitude": spectrogram(1024, 2000, 64, power=1, padding="constant"),
        "decibels": np.maximum(decibels, decibels.max() - 60),
    }
    print(json.dumps({name: [[float(f"{v:.8g}") for v in row] for row in rows] for name, rows in found.items()}))


main()
