package tui

import (
	"fmt"
	"runtime"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// listOf is a person before a list of n factors.
func listOf(t testing.TB, n int) *person {
	t.Helper()
	return newPerson(t, 80, 24).holds(manyRecords(n))
}

// BenchmarkKey is a key on the list and the frame that it makes.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			keys := []tea.KeyMsg{{Type: tea.KeyDown}, {Type: tea.KeyUp}}
			var m tea.Model = listOf(b, n).model
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m, _ = m.Update(keys[i%2])
				_ = m.View()
			}
		})
	}
}

// BenchmarkWideKey is the same on a large terminal, with the call tape full.
func BenchmarkWideKey(b *testing.B) {
	keys := []tea.KeyMsg{{Type: tea.KeyDown}, {Type: tea.KeyUp}}
	for _, w := range []int{tapeFrom - 1, 200} {
		b.Run(fmt.Sprint(w), func(b *testing.B) {
			p := threeFactors(b, w, 50)
			for range 50 {
				p.press("r")
			}
			var m tea.Model = p.model
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m, _ = m.Update(keys[i%2])
				_ = m.View()
			}
		})
	}
}

// A key and its frame take little memory, and no more with many factors.
func TestKeyCostsLittle(t *testing.T) {
	cost := func(n int) (allocs, bytes uint64) {
		var m tea.Model = listOf(t, n).model
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		const keys = 20
		for range keys {
			m, _ = m.Update(tea.KeyMsg{Type: tea.KeyDown})
			_ = m.View()
		}
		runtime.ReadMemStats(&after)
		return (after.Mallocs - before.Mallocs) / keys, (after.TotalAlloc - before.TotalAlloc) / keys
	}
	allocs, few := cost(30)
	_, many := cost(20_000)
	if allocs > 850 || few > 200<<10 || many > few+few/5 {
		t.Errorf("a key takes %d KiB in %d pieces with 30 factors, and %d KiB with 20,000", few>>10, allocs, many>>10)
	}
}
