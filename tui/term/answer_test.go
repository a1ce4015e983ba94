package term

import "testing"

// What terminals really answer.
func TestAnswers(t *testing.T) {
	alacritty := env{"TERM": "alacritty", "ALACRITTY_WINDOW_ID": "94"}
	for _, tt := range []struct {
		env    env
		answer string
		want   AnswerMsg
	}{
		{xtermEnv, "\x1bP>|XTerm(379)\x1b\\\x1b[>41;379;0c\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
			AnswerMsg{Name: "XTerm(379)", Background: Dark}},
		{xtermEnv, "\x1b[>85;95;0c\x1b[?1;2c", AnswerMsg{}},                                                      // urxvt 9.30
		{xtermEnv, "\x1b[>85;95;0c\x1b]11;rgba:ffff/ffff/ffff/dddd\x1b\x1b[?1;2c", AnswerMsg{Background: Light}}, // urxvt 9.31 ends with a lone escape
		{xtermEnv, "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?6c", AnswerMsg{Background: Light}},                       // st
		{xtermEnv, "\x1bP>|kitty(0.26.5)\x1b\\\x1b[>1;4000;26c\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;c", AnswerMsg{"kitty(0.26.5)", Light, true}},
		{xtermEnv, "\x1bP>|Konsole 22.12.3\x1b\\\x1b[>1;115;0c\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;1;4c", AnswerMsg{"Konsole 22.12.3", Dark, true}},
		{xtermEnv, "\x1b[>65;7006;1c\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?65;1;9c", AnswerMsg{Background: Dark, Sextants: true}}, // VTE 0.70
		{xtermEnv, "\x1b[>65;5803;1c\x1b[?65;1;9c", AnswerMsg{}},
		{xtermEnv, "\x1bP>|VTE(7600)\x1b\\\x1b[>61;7600;1c\x1b[?65;1;9c", AnswerMsg{Name: "VTE(7600)", Sextants: true}},
		{alacritty, "\x1b[>0;2301;1c\x1b]11;rgb:1818/1818/1818\x1b\\\x1b[?6c", AnswerMsg{Background: Dark, Sextants: true}},
		{alacritty, "\x1b[>0;2100;1c\x1b[?6c", AnswerMsg{}},
		{alacritty.with(env{"TERM_PROGRAM": "zed"}), "\x1b[>0;2401;1c\x1b[?6c", AnswerMsg{}},
		{xtermEnv, "\x1b[>0;2401;1c\x1b[?6c", AnswerMsg{}},
		{xtermEnv, "\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\\x1b[?65;4;6;18;22c", AnswerMsg{Name: "WezTerm 20240203-110809-5046fc22", Sextants: true}},
		{xtermEnv, "\x1bP>|WezTerm 20210502-154244-3f7122cb\x1b\\\x1b[?65c", AnswerMsg{Name: "WezTerm 20210502-154244-3f7122cb"}},
		{xtermEnv, "\x1bP>|iTerm2 3.10.0\x1b\\\x1b[?62c", AnswerMsg{Name: "iTerm2 3.10.0", Sextants: true}},
		{xtermEnv, "\x1bP>|iTerm2 3.6\x1b\\\x1b[?62c", AnswerMsg{Name: "iTerm2 3.6"}},
		{xtermEnv, "\x1bP>|Rio 0.3.0\x1b\\\x1b[?62c", AnswerMsg{Name: "Rio 0.3.0"}},
		{xtermEnv, "\x1bP>|contour 0.4.0.6245\x1b\\\x1b[?62c", AnswerMsg{Name: "contour 0.4.0.6245", Sextants: true}},
		{xtermEnv, "\x1bP>|xterm.js(6.1.0-beta.2)\x1b\\\x1b[?62c", AnswerMsg{Name: "xterm.js(6.1.0-beta.2)"}},
		{env{"TERM": "tmux-256color", "TMUX": "x"}, "\x1bP>|tmux 3.4\x1b\\\x1b[>84;0;0c\x1b[?1;2;4c", AnswerMsg{Name: "tmux 3.4"}},
		{env{"TERM": "xterm-kitty", "TMUX": "x"}, "\x1bP>|kitty(0.26.5)\x1b\\\x1b[?62c", AnswerMsg{Name: "kitty(0.26.5)"}}, // let through by tmux
		{xtermEnv.with(env{"LANG": "C"}), "\x1bP>|kitty(0.26.5)\x1b\\\x1b[?62c", AnswerMsg{Name: "kitty(0.26.5)"}},
		{xtermEnv, "\x1b]11;?\x1b\\\x1b]11;rgb:zz/0/0\x07\x1b[?6c", AnswerMsg{}},
		{xtermEnv, "\x1b]11;rgb:f/f/f\x07\x1b[?6c", AnswerMsg{Background: Light}},
		{xtermEnv, "\x1b]11;rgb:fd/f6/e3\x07\x1b[?6c", AnswerMsg{Background: Light}}, // Solarized light
		{xtermEnv, "\x1b]11;rgb:000/2b2/363\x07\x1b[?6c", AnswerMsg{Background: Dark}},
	} {
		var f filter
		var typed []byte
		for _, b := range []byte(tt.answer) {
			typed = f.feed(typed, b)
		}
		if got := f.replies.message(FromEnv(tt.env, "linux")); got != tt.want || !f.answered || len(typed) > 0 || len(f.held) > 0 {
			t.Errorf("%v answers %q: %+v, the end %t, typed %q, held %q", tt.env, tt.answer, got, f.answered, typed, f.held)
		}
	}
}
