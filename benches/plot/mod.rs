//! Curves over sizes that grow tenfold, both axes in powers of ten, as SVG.

use std::fmt::Write as _;

/// Width and height of the picture, and the margins around the plot.
const SIZE: [f64; 2] = [860.0, 480.0];
const LEFT: f64 = 70.0;
const RIGHT: f64 = 250.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 56.0;

/// Colours that the colour-blind tell apart (Wong, 2011).
const COLOURS: [&str; 6] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/// What was measured of one thing: size and value.
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// Points by size.
    pub points: Vec<[f64; 2]>,
}

/// Draws `curves` with a title and the names of the axes.
pub fn svg(title: &str, [x_name, y_name]: [&str; 2], curves: &[Curve]) -> String {
    let all = || curves.iter().flat_map(|curve| curve.points.iter());
    let decades = |axis: usize| {
        let logs = || all().map(move |point| point[axis].log10());
        let (low, high) = (logs().fold(f64::MAX, f64::min), logs().fold(f64::MIN, f64::max));
        [(low + 1e-9).floor(), (high - 1e-9).ceil()]
    };
    let plot = Plot { x: decades(0), y: decades(1) };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"16\" font-weight=\"600\" fill=\"#16232E\">{title}</text>\n",
        SIZE[0], SIZE[1]
    );
    plot.axes(&mut out, [x_name, y_name]);
    for (number, curve) in curves.iter().enumerate() {
        plot.curve(&mut out, curve, number);
    }
    plot.labels(&mut out, curves);
    out.push_str("</svg>\n");
    out
}

/// First and last decade of each axis.
struct Plot {
    x: [f64; 2],
    y: [f64; 2],
}

impl Plot {
    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let part =
            |value: f64, [low, high]: [f64; 2]| (value.log10() - low) / (high - low).max(1.0);
        let (width, height) = (SIZE[0] - LEFT - RIGHT, SIZE[1] - TOP - BOTTOM);
        [part(x, self.x).mul_add(width, LEFT), (1.0 - part(y, self.y)).mul_add(height, TOP)]
    }

    fn axes(&self, out: &mut String, [x_name, y_name]: [&str; 2]) {
        let [right, bottom] = [SIZE[0] - RIGHT, SIZE[1] - BOTTOM];
        for exponent in steps(self.x) {
            let [x, _] = self.place([10_f64.powf(exponent), 1.0]);
            line(out, [x, TOP], [x, bottom]);
            let name = power(exponent);
            writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#44545F\">{name}</text>", bottom + 20.0).unwrap();
        }
        for exponent in steps(self.y) {
            let [_, y] = self.place([1.0, 10_f64.powf(exponent)]);
            line(out, [LEFT, y], [right, y]);
            let name = power(exponent);
            writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#44545F\">{name}</text>",
                LEFT - 8.0,
                y + 4.0
            )
            .unwrap();
        }
        let middle = f64::midpoint(LEFT, right);
        writeln!(out, "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#16232E\">{x_name}</text>", SIZE[1] - 12.0).unwrap();
        let middle = f64::midpoint(TOP, bottom);
        writeln!(out, "<text transform=\"translate(18 {middle:.1}) rotate(-90)\" text-anchor=\"middle\" fill=\"#16232E\">{y_name}</text>").unwrap();
    }

    fn curve(&self, out: &mut String, curve: &Curve, number: usize) {
        let colour = COLOURS[number % COLOURS.len()];
        let places: Vec<[f64; 2]> = curve.points.iter().map(|point| self.place(*point)).collect();
        let path: Vec<String> = places.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.2\"/>",
            path.join(" ")
        )
        .unwrap();
        for [x, y] in places {
            writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.6\" fill=\"{colour}\"/>")
                .unwrap();
        }
    }

    /// Names beside the last points, moved apart where they would meet.
    fn labels(&self, out: &mut String, curves: &[Curve]) {
        let last = |curve: &Curve| curve.points.last().map_or(0.0, |point| self.place(*point)[1]);
        let mut order: Vec<usize> = (0..curves.len()).collect();
        order.sort_by(|a, b| last(&curves[*a]).total_cmp(&last(&curves[*b])));
        let mut above = f64::MIN;
        for number in order {
            let y = last(&curves[number]).max(above + 17.0);
            above = y;
            let (colour, name) = (COLOURS[number % COLOURS.len()], &curves[number].name);
            writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
                SIZE[0] - RIGHT + 12.0,
                y + 4.0
            )
            .unwrap();
        }
    }
}

fn line(out: &mut String, from: [f64; 2], to: [f64; 2]) {
    let [[x, y], [u, v]] = [from, to];
    writeln!(
        out,
        "<line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{u:.1}\" y2=\"{v:.1}\" stroke=\"#DAD9D2\"/>"
    )
    .unwrap();
}

fn steps([first, last]: [f64; 2]) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(first), |step| Some(step + 1.0))
        .take_while(move |step| *step <= last)
}

/// A power of ten as it is read.
fn power(exponent: f64) -> String {
    if exponent.abs() < 3.5 {
        format!("{}", 10_f64.powf(exponent))
    } else {
        format!("10<tspan dy=\"-5\" font-size=\"10\">{exponent:.0}</tspan>")
    }
}
