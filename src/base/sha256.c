#include "sha256.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#define FAST __attribute__((target("avx2,bmi,bmi2")))

/* FIPS 180-4, 4.2.2; four and four again, for the two blocks that go side by side. */
#define TWICE(a, b, c, d) a, b, c, d, a, b, c, d
static const uint32_t constants[128] __attribute__((aligned(32))) = {
	TWICE(0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5), TWICE(0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5),
	TWICE(0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3), TWICE(0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174),
	TWICE(0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc), TWICE(0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da),
	TWICE(0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7), TWICE(0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967),
	TWICE(0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13), TWICE(0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85),
	TWICE(0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3), TWICE(0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070),
	TWICE(0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5), TWICE(0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3),
	TWICE(0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208), TWICE(0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2),
};

bool sha256_blocks_help(void) {
	unsigned a, b = 0, c, d;
	bool has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);

	return !has_sha && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
		__builtin_cpu_supports("bmi2");
}

/* The 16 bytes at `one` below those at `two`, as words. */
FAST static inline __m256i load(const uint8_t *one, const uint8_t *two) {
	const __m256i order = _mm256_set_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203,
		0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
	__m256i words = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)one));

	words = _mm256_inserti128_si256(words, _mm_loadu_si128((const __m128i *)two), 1);
	return _mm256_shuffle_epi8(words, order);
}

#define XOR3(a, b, c) _mm256_xor_si256((a), _mm256_xor_si256((b), (c)))

/* Small sigma 1 of two words, each of which stands twice in a pair: so a shift of the pair turns the word. */
FAST static inline __m256i sigma1(__m256i pairs) {
	return XOR3(_mm256_srli_epi32(pairs, 10), _mm256_srli_epi64(pairs, 17), _mm256_srli_epi64(pairs, 19));
}

/* The message schedule: w[t..t+3] from w[t-16..t-1], which are in a, b, c, d. The last two need the first two. */
FAST static inline __m256i schedule(__m256i a, __m256i b, __m256i c, __m256i d) {
	const __m256i to_low = _mm256_set_epi32(-1, -1, 0x0b0a0908, 0x03020100, -1, -1, 0x0b0a0908, 0x03020100);
	const __m256i to_high = _mm256_set_epi32(0x0b0a0908, 0x03020100, -1, -1, 0x0b0a0908, 0x03020100, -1, -1);
	__m256i w15 = _mm256_alignr_epi8(b, a, 4), w7 = _mm256_alignr_epi8(d, c, 4);
	__m256i sigma0 = XOR3(_mm256_srli_epi32(w15, 3),
		_mm256_xor_si256(_mm256_srli_epi32(w15, 7), _mm256_slli_epi32(w15, 25)),
		_mm256_xor_si256(_mm256_srli_epi32(w15, 18), _mm256_slli_epi32(w15, 14)));
	__m256i w = _mm256_add_epi32(_mm256_add_epi32(a, w7), sigma0);

	w = _mm256_add_epi32(w, _mm256_shuffle_epi8(sigma1(_mm256_shuffle_epi32(d, 0xfa)), to_low));
	return _mm256_add_epi32(w, _mm256_shuffle_epi8(sigma1(_mm256_shuffle_epi32(w, 0x50)), to_high));
}

#define TURN(x, n) ((x) >> (n) | (x) << (32 - (n)))

/* Instead of moving the eight variables on, the next round is called with them renamed. */
#define ROUND(a, b, c, d, e, f, g, h, word) do { \
	uint32_t differ = (a) ^ (b); \
	(h) += (word) + ((e) & (f)) + (~(e) & (g)) + (TURN((e), 6) ^ TURN((e), 11) ^ TURN((e), 25)); \
	(d) += (h); \
	(h) += ((b) ^ (differed & differ)) + (TURN((a), 2) ^ TURN((a), 13) ^ TURN((a), 22)); \
	differed = differ; \
} while (0)

/* `words`: the schedule with the constants added, in fours that stand eight apart. */
FAST static void rounds(uint32_t s[8], const uint32_t *words) {
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7], differed = b ^ c;

	for (const uint32_t *w = words; w < words + 128; w += 16) {
		ROUND(a, b, c, d, e, f, g, h, w[0]);
		ROUND(h, a, b, c, d, e, f, g, w[1]);
		ROUND(g, h, a, b, c, d, e, f, w[2]);
		ROUND(f, g, h, a, b, c, d, e, w[3]);
		ROUND(e, f, g, h, a, b, c, d, w[8]);
		ROUND(d, e, f, g, h, a, b, c, w[9]);
		ROUND(c, d, e, f, g, h, a, b, w[10]);
		ROUND(b, c, d, e, f, g, h, a, w[11]);
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
}

/* The schedules of two blocks at once; their rounds can only follow one another. */
FAST static void expand(uint32_t words[128], const uint8_t *one, const uint8_t *two) {
	__m256i *out = (__m256i *)words;
	const __m256i *add = (const __m256i *)constants;
	__m256i a = load(one, two), b = load(one + 16, two + 16), c = load(one + 32, two + 32),
		d = load(one + 48, two + 48);

	for (int i = 0; i < 12; i += 4) {
		out[i] = _mm256_add_epi32(a, add[i]);
		out[i + 1] = _mm256_add_epi32(b, add[i + 1]);
		out[i + 2] = _mm256_add_epi32(c, add[i + 2]);
		out[i + 3] = _mm256_add_epi32(d, add[i + 3]);
		a = schedule(a, b, c, d);
		b = schedule(b, c, d, a);
		c = schedule(c, d, a, b);
		d = schedule(d, a, b, c);
	}
	out[12] = _mm256_add_epi32(a, add[12]);
	out[13] = _mm256_add_epi32(b, add[13]);
	out[14] = _mm256_add_epi32(c, add[14]);
	out[15] = _mm256_add_epi32(d, add[15]);
}

FAST void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
	uint32_t words[128] __attribute__((aligned(32)));

	for (; count > 1; count -= 2, bytes += 128) {
		expand(words, bytes, bytes + 64);
		rounds(state, words);
		rounds(state, words + 4);
	}
	if (count) {
		expand(words, bytes, bytes);
		rounds(state, words);
	}
}

#else

bool sha256_blocks_help(void) {
	return false;
}

void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
	(void)state;
	(void)bytes;
	(void)count;
}

#endif
