package plan

// Empty reports whether there is nothing to do at all: no change, no import.
func (p *Plan) Empty() bool { return !p.HasChanges() && len(p.Imports) == 0 }

// HasChanges reports whether anything declared differs from what is. Imports do not count.
func (p *Plan) HasChanges() bool { return len(p.Changes)+len(p.Outputs) > 0 }

// HasDamage reports whether a table is damaged, gone or unpublished.
func (p *Plan) HasDamage() bool {
	for _, c := range p.Changes {
		if len(c.Repair) > 0 {
			return true
		}
	}
	return false
}

// Summary is a plan in numbers.
type Summary struct {
	Effects []EffectCount `json:"effects"` // in order of risk, without those that do not occur
	Imports []WhyCount    `json:"imports"` // likewise, in the order in which the reasons are declared
}

// EffectCount says how many changes have an effect.
type EffectCount struct {
	Effect Effect `json:"effect"`
	Count  int    `json:"count"`
}

// WhyCount says how many imports run for a reason.
type WhyCount struct {
	Why   Why `json:"why"`
	Count int `json:"count"`
}

// Summary counts changes by effect and imports by reason.
func (p *Plan) Summary() Summary {
	changes, imports := map[Effect]int{}, map[Why]int{}
	for _, c := range p.Changes {
		changes[c.Effect]++
	}
	for _, i := range p.Imports {
		imports[i.Why]++
	}
	var s Summary
	for _, e := range effects {
		if n := changes[e]; n > 0 {
			s.Effects = append(s.Effects, EffectCount{e, n})
		}
	}
	for _, w := range []Why{New, Changed, Due, Asked, Resumes, Damaged} {
		if n := imports[w]; n > 0 {
			s.Imports = append(s.Imports, WhyCount{w, n})
		}
	}
	return s
}
