"""Mel spectrograms of 30 s with numpy and scipy (pocketfft), as librosa computes them: python3 spectra_numpy.py (one thread)."""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time

import numpy as np
from scipy.fft import rfft

RATE, N, BANDS, SECONDS = 22050, 2048, 128, 30


def filters():
    to_mel = lambda f: np.where(f < 1000, f * 3 / 200, 15 + 27 * np.log(np.maximum(f, 1) / 1000) / np.log(6.4))
    to_hertz = lambda m: np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))
    edges = to_hertz(np.linspace(0, to_mel(np.float64(RATE / 2)), BANDS + 2))
    f = np.arange(N // 2 + 1) * RATE / N
    up = (f - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - f) / (edges[2:] - edges[1:-1])[:, None]
    return (np.maximum(0, np.minimum(up, down)) * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


def main():
    y = np.random.default_rng(1).uniform(-0.5, 0.5, RATE * SECONDS).astype(np.float32)
    window = np.hanning(N + 1)[:-1].astype(np.float32)
    bank = filters()
    for hop in (512, 1102):
        for log in (False, True):
            best = np.inf
            for _ in range(9):
                start = time.process_time()
                frames = np.lib.stride_tricks.sliding_window_view(y, N)[::hop]
                spectrum = rfft(frames * window, axis=1)
                mel = (spectrum.real**2 + spectrum.imag**2) @ bank.T
                if log:
                    mel = np.log10(1 + 1e4 * mel)
                best = min(best, time.process_time() - start)
            print(f"hop {hop}, {'log10(1 + 1e4 S)' if log else 'no log'}: {SECONDS / best:,.0f} x real time")


main()
